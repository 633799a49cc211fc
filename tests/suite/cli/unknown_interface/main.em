component provides App requires io.Outptu out {
    int App:main(AppParam params[]) {
        return 0
    }
}
