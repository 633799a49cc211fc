component provides App requires io.Output out {
    const int LIMIT = 3
    int total
    int total
    int helper(int a, int a) {
        int out = 1
        return a
    }
    int helper(int b) {
        int b = 2
        if (b > 1) {
            int total = 4
        }
        for (int i = 0; i < 3; i++) {
            int i = 2
        }
        return LIMIT
    }
    int App:main(AppParam params[]) {
        return helper(1, 2)
    }
}
