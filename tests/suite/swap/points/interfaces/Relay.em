// Stands before a cell of its own.
interface Relay {
    transfer int passed
    void pass(int n)
    void fail(int n)
    char[] report()
}
