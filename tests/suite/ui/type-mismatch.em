uses shapes.Point
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int a = "text"
        char b[] = 5
        float c = 1
        byte d = a
        bool e = a
        a = 1.5
        a = true
        char f = "x"
        Point p = new Mutex()
        int g[] = 7
        int h = null
        out.println(a)
        if (a) return 1
        while (p) a++
        foreach (char x in params) a++
        mutex (a) { }
        throw "went wrong"
    }
}
