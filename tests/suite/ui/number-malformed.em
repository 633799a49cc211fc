component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int a = 0xzz
        int b = 99999999999999999999
        return 0
    }
}
