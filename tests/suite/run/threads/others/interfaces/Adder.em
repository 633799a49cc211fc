interface Adder {
    transfer int sum
    void add(int n, opt int times)
    int get()
    int fail()
}
