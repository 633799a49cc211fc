// State that has to move at a swap.
interface Counter {
    transfer int count

    void add(int n)
    int get()
    void rest(int milliseconds)
}
