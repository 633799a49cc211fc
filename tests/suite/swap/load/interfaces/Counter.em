interface Counter {
    transfer int count
    int next()
    int total()
}
