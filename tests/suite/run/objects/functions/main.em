// What every object has, implemented and not, called by its own type and by Object.
uses Point
component provides App requires io.Output out, Point, Label label, Plain plain, Plain, Rooted rooted {
    char[] text(Object o) {
        return o.toString()
    }
    int App:main(AppParam params[]) {
        Point a = new Point(1, 2)
        Point b = new Point(1, 2)
        Plain other = new Plain()
        out.println("$(a.equals(b)) $(a == b) $(a.equals(label))") // prints: true false false
        out.println("$(a.toString()) $(text(b))") // prints: (1, 2) (1, 2)
        out.println("$(plain.toString()) $(text(label)) $(label.equals(7))") // prints: <Plain> a label true
        out.println("$(plain.equals(other)) $(plain.equals(plain)) $(plain.clone(other))") // prints: false true false
        Object any = label
        out.println("$(any.equals(label)) $(any.equals(a))") // prints: true false
        b = new Point(5, 6)
        out.println("$(a.clone(b)) $(a.toString()) $(a.clone(b))") // prints: true (5, 6) false
        out.println("$(other.getID()) $(a.getID()) $(any.getID()) $(other.getID())") // prints: 1 2 3 1
        out.println("$(rooted.one()) $(rooted.getID()) $(rooted.toString())") // prints: 1 mine <Rooted>
        a = new Point(0 - 1, 0)
        try {
            out.println(text(a))
        } catch (Exception e) {
            out.println("$(e.message)") // prints: too far left
        }
        a = null
        try {
            a.toString()
        } catch (Exception e) {
            out.println(e.kind) // prints: null
        }
        return 0
    }
}
