component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int a = 1
        a + 2
        a == 3
        return 0
    }
}
