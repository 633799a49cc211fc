component provides App requires shapes.Area area, shapes.Half half {
    int App:main(AppParam params[]) {
        int n = 3
        return n.twice()
    }
}
