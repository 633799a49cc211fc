data Item {
    int value
}
component provides App {
    int App:main(AppParam params[]) {
        return 0
    }
}
