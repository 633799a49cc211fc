component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int new = 3
        int switch = 4
        return 0
    }
}
