uses shapes.Point
component provides App {
    int App:main(AppParam params[]) {
        int a = 1
        float b = 2.0
        char s[] = "s"
        Point p = new Point()
        bool c = a + b > 3.0
        s = s + a
        c = s < "t"
        c = a && true
        c = !a
        c = p == a
        c = a === 2
        b = b % 2.0
        a = -s
        s += 4
        s++
        a = c ? 1 : "one"
        Thread t = clone asynch::work()
        return p + p
    }
    void work() { }
}
