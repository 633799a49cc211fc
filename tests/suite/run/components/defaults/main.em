component provides App requires io.Output out, Shape shape, Square {
    int App:main(AppParam params[]) {
        out.println(shape.describe()) // prints: :6;
        shape.rename("box")
        out.println(shape.describe(times = 2)) // prints: box:6;box:6;
        Square s = new Square(4)
        out.println("$(s.describe()) $(s.side())") // prints: square:8; 2
        s.rename("sq")
        out.println(s.describe()) // prints: sq!9:8;
        try {
            s.fail()
        } catch (Exception e) {
            out.print(">" + e.trace)
        }
        return 0
    }
}
// prints: >  at Square:fail (Square:20)
// prints:   at App:main (main:11)
