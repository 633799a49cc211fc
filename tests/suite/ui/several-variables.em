component provides App {
    int App:main(AppParam params[]) {
        int i = 0, j = 1
        return i + j
    }
}
