uses Shape
component provides Measure {
    int Measure:corners(Shape s) {
        return s.sides
    }
    int Measure:area(Square s) {
        return s.edge * s.edge
    }
    int Measure:longest(int values[]) {
        return values.arrayLength
    }
    int Measure:twice(int value) {
        return 2 * value
    }
}
