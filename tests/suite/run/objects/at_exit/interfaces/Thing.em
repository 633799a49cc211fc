interface Thing {
    Thing(int number, Thing inner)
    int number()
}
