component provides Doubler {
    int Doubler:twice(int n) {
        int result = 0
        for (int i = 0; i < 2; i++) result += n
        return result
    }
}
