// Records that extend others: fields, widening, asking, narrowing, copies; in one component and
// through another.

uses Shape

component provides App requires io.Output out, Store shelf {
    char[] describe(Shape s) {
        if (s hastype Ring) return "ring $(s.name)"
        if (s hastype Circle) return "circle $(s.name) $(Circle(s).radius)"
        return s === null ? "nothing" : "shape $(s.name)"
    }
    char[] failure(Shape s) {
        try {
            Ring r = Ring(s)
            return r === null ? "null" : "$(r.colour)"
        } catch (Exception e) {
            return e.kind
        }
    }
    int App:main(AppParam params[]) {
        Shape plain = new Shape("dot")
        Circle circle = new Circle("disc", true, 1.5)
        Ring ring = new Ring(name = "band", radius = 2.5, colour = 7, inside = circle)
        Shape nothing
        Shape all[] = new Shape[](plain, circle, ring, nothing)
        foreach (Shape s in all) out.println(describe(s))
        // prints: shape dot
        // prints: circle disc 1.5
        // prints: ring band
        // prints: nothing
        out.println("$(failure(plain)) $(failure(circle)) $(failure(ring)) $(failure(null))")
        // prints: cast cast 7 null
        Circle rings[] = new Circle[](ring)
        foreach (Shape s in rings) out.println("$(s.name) $(s === ring) $(ring == s)") // prints: band true true
        Shape copied = clone ring
        Ring back = Ring(copied)
        back.colour = 9
        back.name = "copy"
        out.println("$(copied.name) $(Ring(copied).colour) $(ring.colour) $(back.inside.name)") // prints: copy 9 7 disc
        plain = params.arrayLength == 0 ? ring : plain
        out.println("$(plain.name) $(Ring.SIDES) $(Shape.SIDES)") // prints: band 0 0
        shelf.put(circle)
        shelf.put(copied)
        shelf.put(ring)
        shelf.put(new Shape("last"))
        Circle widest = shelf.widest()
        out.println("$(widest === back) $(widest.name) $(widest hastype Ring) $(shelf.any(3) hastype Circle)")
        // prints: true copy true false
        widest.radius = 9.0
        out.println("$(Circle(shelf.any(1)).radius)") // prints: 9.0
        try {
            shelf.rename(0)
        } catch (Exception e) {
            out.println(e.kind) // prints: read-only
        }
        ring = Ring(nothing)
        out.println(describe(ring)) // prints: nothing
        return 0
    }
}
