uses Bell
interface Ear {
    transfer int heard
    transfer int last
    transfer bool torn
    void listen(store Bell bell)
    char[] report()
}
