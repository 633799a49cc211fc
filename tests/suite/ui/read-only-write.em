component provides App requires shapes.Half half {
    int App:main(AppParam params[]) {
        char text[] = "fixed"
        text[0] = 'F'
        char copy[] = clone text
        copy[0] = 'F'
        params[0] = null
        params[0].string = "changed"
        return 0
    }
}
