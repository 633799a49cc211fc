component provides shapes.Half {
    Half:twice(int value) { return 2 * value }
    int Half:twice(int value) {
        value[0] other = 3
        return value
    }
}
