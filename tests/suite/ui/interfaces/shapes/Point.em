data Point {
    int x
    int y
    char label[]
}
