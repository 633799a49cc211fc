component provides shapes.Half, shapes.Half requires shapes.Area, shapes.Area {
    int Half:twice(int value) { return 2 * value }
}
