interface Counter {
    transfer int count
    int next()
}
