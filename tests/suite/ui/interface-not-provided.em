component provides shapes.Half {
    int Half:twice(int value) { return 2 * value }
    int Area:twice(int value) { return 2 * value }
    int Hlaf:twice(int value) { return 2 * value }
    void AdaptEvents:active() { }
}
