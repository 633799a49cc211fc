component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int a = 1 @ 2
        return 0
    }
}
