component provides App {
    int App:main(AppParam params[]) {
        break
        if (params === null) continue
        return 0
    }
}
