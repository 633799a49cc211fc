component provides shapes.Half {
    int calls = 0
    int Half:twice(int value) {
        calls++
        return 2 * value
    }
}
