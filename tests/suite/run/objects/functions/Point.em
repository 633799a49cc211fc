component provides Point {
    int left
    int top
    Point:Point(int x, int y) {
        left = x
        top = y
    }
    int Point:x() { return left }
    int Point:y() { return top }
    bool Point:equals(Object other) {
        if (!(other hastype Point)) return false
        Point p = Point(other)
        return p.x() == left && p.y() == top
    }
    bool Point:clone(Object other) {
        if (!equals(other) && other hastype Point) {
            left = Point(other).x()
            top = Point(other).y()
            return true
        }
        return false
    }
    char[] Point:toString() {
        if (left < 0) throw new Exception("demo", "too far left")
        return "($left, $top)"
    }
}
