interface Thing {
    transfer int number
    int next()
}
