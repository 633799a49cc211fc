uses Shape
component provides Exact {
    int Exact:corners(Square s) {
        return 400 + s.sides
    }
}
