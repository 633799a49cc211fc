component provides Square {
    int width = 0
    Square:Square(int side) {
        width = side
        name = "square"
    }
    int Square:area() {
        return width * width
    }
    int more() {
        return units() + 1
    }
    void Square:rename(char text[]) {
        name = "$text!$(more())"
    }
}
