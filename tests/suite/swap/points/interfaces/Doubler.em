interface Doubler {
    int twice(int n)
}
