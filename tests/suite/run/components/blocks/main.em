component provides App requires io.Output out, time.Timer timer, Shelf shelf, Label {
    int App:main(AppParam params[]) {
        shelf.put(3)
        shelf.put(4)
        out.println("$(shelf.total())") // prints: 137
        Label a = new Label("a")
        Label b = new Label("b")
        out.println(a.show()) // prints: a a wide 6
        out.println(b.show()) // prints: b b wide 6
        a = null
        timer.sleep(1)
        out.println(b.show())
        return 0
    }
}
// prints: a is gone
// prints: b b wide 6
// prints: b is gone
