component provides Doubler {
    int Doubler:twice(int n) {
        return n + n
    }
}
