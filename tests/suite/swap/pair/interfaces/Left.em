interface Left {
    int version()
}
