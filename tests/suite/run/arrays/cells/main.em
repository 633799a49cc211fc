// `=[]` writes only what the array was made for, and nothing if one cell doesn't fit.

uses Shape

component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        Circle circles[] = new Circle[](new Circle(1, 5), new Circle(2, 6))
        Shape shapes[] = circles
        Shape mixed[] = new Shape[](new Circle(3, 7), new Shape(4))
        try {
            shapes =[] mixed
        } catch (Exception e) {
            out.println("$(e.kind) $(circles[0].id)") // prints: cast 1
        }
        mixed[1] = new Circle(4, 8)
        shapes =[] mixed
        out.println("$(circles[0].radius) $(circles[1].radius)") // prints: 7 8
        return 0
    }
}
