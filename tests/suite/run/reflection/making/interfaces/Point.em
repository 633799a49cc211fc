data Point {
    int x
    char label[]
}
data Other {
    int x
    char label[]
    bool more
}
