interface Thing {
    transfer int number
    transfer char text[]
    Thing(int start)
    int next()
}
