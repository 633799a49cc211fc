// What must not be complained about.
uses shapes.Point
component provides App requires io.Output out, shapes.Half half, data.StringUtil su, data.adt.List {
    const int LIMIT = 1 << 4
    const char NAME[] = "clean"
    int runs = 0
    int table[] = new int[LIMIT]
    Mutex lock = new Mutex()
    int widen(int8 a, byte b, char c) { return a + b + c }
    float mean(int values[]) {
        float sum = 0.0
        foreach (int v in values) sum += float(v)
        return sum / float(values.arrayLength)
    }
    int decide(bool a, Point p) {
        while (true) {
            mutex (lock) {
                if (a && (p === null || p.x != 0)) return 1
                else throw new Exception("none", "nothing for $(p.label)")
            }
        }
    }
    int App:main(AppParam params[]) {
        byte b = 7
        b += 1
        char c = 'a' + 1
        uint64 big = 0xffffffffffffffff
        List list = new List()
        Point points[] = new Point[](new Point(1, 2), new Point(x = 3))
        char grid[][] = new char[4][]
        grid[0] = "row $(points[0].x)" + ';' + " twice " + NAME
        int n = half.twice(widen(int8(-1), b, c)) + table[3]
        runs = n > 3 ? 1 : 0
        n = (n & 0xff) << 2
        char text[] = grid[0].trim()
        if (text == "row" || text != null) text = null
        for (;;) {
            if (list === null) break
            n--
            if (n < 0) return decide(true, points[1])
        }
        Thread t = asynch::widen(1, 2, 'c')
        t.join()
        out.println("$n $(float(n) / 2.0) $(n > 2) $c $b")
        return 0
    }
}
