component provides Part {
    int Part:x() {
        return 1
    }
}
