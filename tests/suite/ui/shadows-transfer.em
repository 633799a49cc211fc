component provides shapes.Shape {
    int scale = 2
    int Shape:area(int width, int height) { return width * height }
    char[] Shape:name() {
        int scale = 3
        return "$scale"
    }
    void Shape:keep(shapes.Point points[]) { }
}
