// A count that says exactly which calls there were.
interface Cell {
    transfer int sum
    transfer int calls
    transfer char last[]

    // Adds twice as much.
    void add(int by)

    // Adds, and throws.
    void fail(int by)

    // Goes to the other one and back, this deep.
    int down(Cell other, Cell own, int depth)

    char[] report()
}
