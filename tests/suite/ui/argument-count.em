uses shapes.Point
component provides App requires io.Output out, shapes.Pen, data.StringUtil su {
    int add(int a, int b) { return a + b }
    int App:main(AppParam params[]) {
        add(1)
        add(1, 2, 3, 4)
        out.println()
        new Pen()
        char s[] = "abc"
        s.replace("b")
        s.slice(1)
        int n = int(1, 2)
        Point p = new Point(1, 2, "a", "b")
        return 0
    }
}
