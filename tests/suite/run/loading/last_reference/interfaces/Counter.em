interface Counter {
    transfer int count
    void add(int n)
    int get()
    char[] who()
}
