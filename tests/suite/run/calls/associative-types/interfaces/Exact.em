uses Shape
interface Exact {
    int corners(Square s)
}
