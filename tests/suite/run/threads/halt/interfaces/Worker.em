interface Worker {
    transfer int rounds
    int work()
    int done()
}
