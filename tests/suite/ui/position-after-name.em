uses shapes.Point
component provides App {
    int App:main(AppParam params[]) {
        Point p = new Point(1, label = "a", 2)
        return p.x
    }
}
