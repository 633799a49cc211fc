uses shapes.Point
component provides App requires io.Output out, data.StringUtil su {
    int double(int x) { return x * 2 }
    int App:main(AppParam params[]) {
        out.printl("a")
        dobule(3)
        println("b")
        Point(1, 2)
        char s[] = " a "
        s.trimm()
        s.length()
        int n = 3
        n.intToString()
        out.intToString(3)
        return 0
    }
}
