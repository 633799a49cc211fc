// The object itself can't become another.
component provides App {
    int App:main(AppParam params[]) {
        this = null
        return 0
    }
}
