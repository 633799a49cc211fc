component provides shapes.Half(AdaptEvent, shapes.Area) {
    int Half:twice(int value) { return 2 * value }
}
