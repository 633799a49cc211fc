interface Thing {
    transfer int number
    Thing(int start)
    char[] show()
}
