interface Point {
    Point(int x, int y)
    int x()
    int y()
}
interface Label {
    char[] toString()
    bool equals(int other)
}
interface Plain {
    void nothing()
}
interface Rooted extends Object {
    int one()
}
