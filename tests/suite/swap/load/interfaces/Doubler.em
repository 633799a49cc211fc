interface Doubler {
    int twice(int x)
}
