component provides shapes.Shape(AdaptEvents), shapes.Pen {
    int Shape:area(int width, int height) { return width * height }
    void AdaptEvents:active() { }
}
