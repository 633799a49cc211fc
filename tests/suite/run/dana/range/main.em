// An `int` that the other side can't hold is a `range` exception at the border.

component provides App requires io.Output out, Count count {
    void tried(int a, int b) {
        try {
            out.println("$(count.less(a, b))")
        } catch (Exception e) {
            out.println(e.kind)
        }
    }

    int App:main(AppParam params[]) {
        tried(7, 5) // prints: 2
        tried(5, 7) // prints: range
        tried(-1, 5) // prints: range
        try {
            out.println("$(count.twice(9223372036854775807))")
        } catch (Exception e) {
            out.println(e.kind) // prints: range
        }
        return 0
    }
}
