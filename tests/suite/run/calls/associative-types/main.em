// `x.f()` is the function of a required interface that takes an `x` first: exactly its type before
// what it becomes by itself; a function of the object itself before all others.
// prints: 4 9 3 14 404 6 60 8

uses Shape

component provides App requires io.Output out, Measure measure, Exact exact, Box box, Weigh weigh {
    int App:main(AppParam params[]) {
        Shape shape = new Shape(4)
        Square square = new Square(4, 3)
        int values[] = new int[3]
        Box b = box
        byte small = 4
        out.println("$(shape.corners()) $(square.area()) $(values.longest()) $(twice(7)) $(square.corners()) $(b.volume()) $(b.weigh()) $(small.twice())")
        return 0
    }

    int twice(int n) {
        return n.twice()
    }
}
