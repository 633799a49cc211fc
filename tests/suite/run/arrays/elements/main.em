// An array knows what it was made for, under whatever type it is used.
uses Shape

component provides App requires io.Output out, Shapes shapes, data.IntUtil iu {
    Circle circle(int id) {
        return new Circle(id, radius = id * 10)
    }

    void set(Shape to[], int at, Shape shape) {
        try {
            to[at] = shape
            out.println("set $(to[at].id)")
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)")
        }
    }

    bool areCircles(Shape of[]) {
        try {
            Circle all[] = Circle[](of)
            return all === of
        } catch (Exception e) {
            out.println(e.kind)
        }
        return false
    }

    int radii(Shape of[]) {
        int sum = 0
        foreach (Circle c in Circle[](of)) sum += c.radius
        return sum
    }

    void writes() {
        Circle circles[] = new Circle[](circle(1), circle(2))
        Shape same[] = circles
        set(same, 0, circle(7)) // prints: set 7
        set(same, 0, new Shape(8)) // prints: cast: the array is of values of another type
        set(same, 1, new Square(9, 9)) // prints: cast: the array is of values of another type
        set(same, 1, null)
        // prints: null: a value is null
        out.println("$(circles[0].radius) $(circles[1] === null)") // prints: 70 true
        Data most[] = same
        out.println("$(most === circles) $(areCircles(same))") // prints: true true
    }

    void narrows() {
        Shape mixed[] = new Shape[](circle(1), new Shape(2))
        out.println("$(areCircles(mixed))")
        // prints: cast
        // prints: false
        Shape onlyCircles[] = new Shape[](circle(1))
        out.println("$(areCircles(onlyCircles))")
        // prints: cast
        // prints: false
        Shape none[]
        out.println("$(areCircles(none))") // prints: true
        Data d[] = new Square[](new Square(1, 4))
        out.println("$(Square[](d)[0].side) $(Shape[](d)[0].id)") // prints: 4 1
    }

    void made() {
        Circle circles[] = new Circle[](circle(1), circle(2), circle(3))
        Shape same[] = circles
        out.println("$(areCircles(same.slice(1, 3))) $(areCircles(clone same))") // prints: true true
        out.println("$(areCircles(rclone same))") // prints: true
        Shape grown[] = circles
        circles = null
        same = null
        // What is made is made for what is written, although it begins with all of an array.
        grown = new Shape[](grown, new Shape(4))
        set(grown, 0, new Square(5, 5)) // prints: set 5
        out.println("$(areCircles(grown)) $(grown.arrayLength)")
        // prints: cast
        // prints: false 4
        out.println("$(radii(new Circle[](circle(1), circle(2))))") // prints: 30
    }

    void copies() {
        Circle circles[] = new Circle[2]
        Shape to[] = circles
        Shape from[] = new Shape[](circle(5), circle(6), new Shape(7))
        to.copy(0, from, 0, 2)
        out.println("$(circles[1].radius)") // prints: 60
        try {
            to.copy(0, from, 1, 2)
        } catch (Exception e) {
            out.println("$(e.kind) $(circles[0].id)") // prints: cast 5
        }
        from.copy(0, circles, 1, 1)
        out.println("$(from[0].id)") // prints: 6
    }

    void across() {
        Circle circles[] = new Circle[](circle(1), circle(2), circle(3))
        Circle turned[] = Circle[](shapes.reversed(circles))
        out.println("$(turned[0].radius) $(turned[2].radius)") // prints: 30 10
        shapes.put(circles, 0, circle(4))
        try {
            shapes.put(circles, 0, new Square(1, 1))
        } catch (Exception e) {
            out.println(e.kind) // prints: cast
        }
        shapes.keep(circles)
        out.println("$(areCircles(shapes.back()))") // prints: true
    }

    void nested() {
        Circle rows[][] = new Circle[][](new Circle[](circle(1)), new Circle[](circle(2)))
        Shape same[][] = rows
        Data most[][] = same
        try {
            most[0] = new Shape[](circle(3))
        } catch (Exception e) {
            out.println(e.kind) // prints: cast
        }
        most[1] = new Circle[](circle(4))
        out.println("$(rows[1][0].radius) $(Circle[][](most) === rows)") // prints: 40 true
    }

    void objects() {
        io.Output outs[] = new io.Output[](out, null)
        Object any[] = outs
        any[1] = out
        try {
            any[0] = iu
        } catch (Exception e) {
            out.println("$(e.kind) $(outs[1] === out)") // prints: cast true
        }
        out.println("$(io.Output[](any) === outs)") // prints: true
    }

    void reflected() {
        Circle circles[] = new Circle[](circle(1), null)
        Shape same[] = circles
        Dynamic held = same
        out.println("$(held hastype Circle[]) $(same hastype Square[])") // prints: true false
        out.println("$(typeof(same) === typeof(Circle[]))") // prints: true
        held[1] = circle(2)
        try {
            held[0] = new Shape(3)
        } catch (Exception e) {
            out.println("$(e.kind) $(circles[1].radius)") // prints: cast 20
        }
        Data made[] = new Data[2] from typeof(Circle)
        made[0] = circle(3)
        try {
            made[1] = new Square(1, 1)
        } catch (Exception e) {
            out.println("$(e.kind) $(Circle[](made)[0].radius)") // prints: cast 30
        }
    }

    int App:main(AppParam params[]) {
        writes()
        narrows()
        made()
        copies()
        across()
        nested()
        objects()
        reflected()
        return 0
    }
}
