component provides App {
    int App:main(AppParam params[]) {
        for (int i = 0; i < 3; i++) {
            continue
            i++
            i++
        }
        if (params === null) { return 1 } else { return 2 }
        return 0
    }
}
