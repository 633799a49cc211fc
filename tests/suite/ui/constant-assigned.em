component provides App requires io.Output out {
    const int LIMIT = 3
    int App:main(AppParam params[]) {
        LIMIT = 4
        LIMIT++
        out = null
        params.arrayLength = 4
        return LIMIT
    }
}
