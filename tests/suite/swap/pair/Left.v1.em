component provides Left {
    int Left:version() {
        return 1
    }
}
