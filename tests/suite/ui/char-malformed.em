component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        char c = 'ab'
        char d = ''
        return 0
    }
}
