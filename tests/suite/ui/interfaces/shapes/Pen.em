// Made with an argument.

interface Pen {
    Pen(int width)
    void draw(Point point)
}
