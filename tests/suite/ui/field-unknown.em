uses shapes.Point
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        Point p = new Point(1, 2)
        p.z = 3
        p.lable = "x"
        int n = params.length
        n = params[0].string.size
        n = n.value
        n = new Point(x = 1, w = 2).x
        return out.count
    }
}
