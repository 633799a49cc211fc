data Item {
    int value
}
