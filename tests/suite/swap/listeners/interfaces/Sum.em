uses Source

interface Sum {
    transfer int count
    transfer int last
    transfer char by[]
    transfer bool torn
    void listen(store Source source)
    int got()
    char[] report()
}
