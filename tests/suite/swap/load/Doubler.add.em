component provides Doubler {
    int Doubler:twice(int x) {
        return x + x
    }
}
