component provides shapes.Shape, shapes.Half {
    int doubled(int value) { return value * scale }
    int Shape:area(int width, int height) { return width * height * scale }
    char[] Shape:name() { return "shape" }
    void Shape:keep(shapes.Point points[]) { }
    int Half:twice(int value) { return doubled(value) }
}
