component provides Shape {
    int Shape:area() {
        return 12
    }
}
