uses shapes.Point
component provides shapes.Shape {
    int Shape:area(int width, int height) {
        width = 3
        return width * height
    }
    char[] Shape:name() { return "shape" }
    void Shape:keep(Point points[]) {
        points[0] = null
        Point mine[] = clone points
        mine[0] = null
    }
}
