component provides App {
    int App:main(AppParam params[]) {
        dana.halt(null, null)
        return 0
    }
}
