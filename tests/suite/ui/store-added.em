uses shapes.Point
component provides shapes.Shape {
    int Shape:area(int width, int height) { return width * height }
    char[] Shape:name() { return "shape" }
    void Shape:keep(store Point points[]) { }
}
