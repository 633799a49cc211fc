interface Area {
    int area(int width, int height)
    int twice(int value)
}
