interface Counter {
    int next()
}
