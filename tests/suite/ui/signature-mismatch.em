component provides shapes.Shape(AdaptEvents), shapes.Half {
    char[] Shape:area(int width, float height) { return "x" }
    char[] Shape:name(int more) { return "shape" }
    void Shape:keep(store int points[]) { }
    Half:Half() { }
    int Half:twice(int value) { return 2 * value }
    void AdaptEvents:active() { }
    int AdaptEvents:inactive() { return 1 }
}
