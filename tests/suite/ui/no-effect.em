uses shapes.Point
component provides App {
    int App:main(AppParam params[]) {
        int n = 3
        n = n
        new Point(1, 2)
        params.slice(0, 1)
        return n
    }
}
