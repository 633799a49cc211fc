uses Shape
interface Measure {
    int corners(Shape s)
    int area(Square s)
    int longest(int values[])
    int twice(int value)
}
