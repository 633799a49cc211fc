// Records: references with zeroed fields; shallow copies; constructed by place or by name.
uses Point
uses Node

component provides App requires io.Output out {
    int sum(Node list) {
        int total = 0
        for (Node n = list; n !== null; n = n.next) total += n.value
        return total
    }
    int App:main(AppParam params[]) {
        Point p = new Point(1, 2, "p")
        Point q = p
        q.x = 10
        out.println("$(p.x) $(p === q) $(p == q)") // prints: 10 true true
        Point r = clone p
        r.x = 20
        out.println("$(p.x) $(r.x) $(r.label === p.label)") // prints: 10 20 true
        Point s = new Point(y = 5)
        out.println("$(s.x) $(s.y) $(s.label === null)") // prints: 0 5 true
        Point t = new Point()
        t.label = "t$(Point.MAX)"
        out.println("$(t.x) $(t.label)") // prints: 0 t7
        Node list = null
        for (int i = 1; i <= 10; i++) list = new Node(i, list)
        out.println("$(sum(list))") // prints: 55
        Point none = null
        try {
            none.x = 1
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)") // prints: null: a value is null
        }
        Point points[] = new Point[2]
        points[1] = p
        points[1].y += 40
        out.println("$(p.y) $(points[0] === null)") // prints: 42 true
        return 0
    }
}
