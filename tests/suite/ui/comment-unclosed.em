component provides App {
    int App:main(AppParam params[]) {
        return 0
    }
}
/* never closed
