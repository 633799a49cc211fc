// Data from descriptions: of the program's own types, and made by hand.
// prints: a point: true 0
// prints: hand-made: 2 fields, 5 five
// prints: it is a Point: 5 five
// prints: one type: true
// prints: array: 3 0
// prints: cast: the value is of another type
// prints: type: the description is not one of such a type
// prints: type: the description is not one of such a type
// prints: type: the description is not one of such a type
// prints: null: a value is null
// prints: length: array length -1 is negative

uses Point

component provides App requires io.Output out {
    Type byHand(int size) {
        Type text = new Type(Type.ARRAY, 0, 0, new Field[](new Field(new Type(Type.INTEGER, Type.F_CHAR, 1))))
        Type number = new Type(Type.INTEGER, Type.F_SIGNED, size)
        return new Type(Type.DATA, 0, 0, new Field[](new Field(number, "x"), new Field(text, "label")))
    }

    int App:main(AppParam params[]) {
        Point p = new Point() from typeof(Point)
        out.println("a point: $(typeof(p) === typeof(Point)) $(p.x)")
        Point q = new Point() from byHand(8)
        q.x = 5
        q:.1 = "five"
        char label[] = q:.1
        out.println("hand-made: $(typeof(q).fields.arrayLength) fields, $(q.x) $label")
        out.println("it is a Point: $(q.x) $(q.label)")
        Point r = new Point() from byHand(8)
        out.println("one type: $(typeof(q) === typeof(r))")
        int a[] = new int[3] from typeof(int[])
        out.println("array: $(a.arrayLength) $(a[2])")
        try { Point s = new Point() from typeof(Other) } catch (Exception e) { say(e) }
        try { Point s = new Point() from byHand(3) } catch (Exception e) { say(e) }
        Type knot = new Type(Type.ARRAY)
        knot.fields = new Field[](new Field(knot, "knot"))
        try { Point s = new Point() from knot } catch (Exception e) { say(e) }
        knot.fields = null
        try { Point s = new Point() from new Type(Type.DATA, 0, 0, new Field[](new Field(), new Field())) } catch (Exception e) { say(e) }
        Type none = null
        try { Point s = new Point() from none } catch (Exception e) { say(e) }
        try { int b[] = new int[0 - 1] from typeof(int[]) } catch (Exception e) { say(e) }
        return 0
    }

    void say(Exception e) {
        out.println("$(e.kind): $(e.message)")
    }
}
