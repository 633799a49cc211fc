// What the tests here implement and call.

interface Shape {
    const int SIDES_MAX = 12
    transfer int scale

    int area(int width, int height)
    char[] name()
    void keep(Point points[])
}
