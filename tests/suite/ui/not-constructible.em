component provides App requires shapes.Half half {
    int App:main(AppParam params[]) {
        Half other = new Half()
        return new shapes.Area().twice(2)
    }
}
