component provides App {
    int App:main(AppParam params[]) {
        int n = 3
        n[0] = 1
        foreach (int x in n) n = x
        return params[0][1]
    }
}
