// slice, copy, clone, and construction by concatenation.
component provides App requires io.Output out {
    void show(int a[]) {
        char text[] = ""
        foreach (int x in a) text += "$x "
        out.println("$(text)of $(a.arrayLength)")
    }
    int App:main(AppParam params[]) {
        int a[] = new int[](1, 2, 3, 4, 5)
        show(a.slice(1, 3)) // prints: 2 3 of 2
        show(a.slice(5, 5)) // prints: of 0
        try {
            show(a.slice(2, 6))
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)") // prints: bounds: range 2 to 6 is out of bounds
        }
        try {
            show(a.slice(3, 2))
        } catch (Exception e) {
            out.println(e.kind) // prints: bounds
        }
        int b[] = clone a
        b[0] = 100
        show(a) // prints: 1 2 3 4 5 of 5
        show(b) // prints: 100 2 3 4 5 of 5
        b.copy(1, b, 0, 4)
        show(b) // prints: 100 100 2 3 4 of 5
        b.copy(0, b, 1, 4)
        show(b) // prints: 100 2 3 4 4 of 5
        try {
            b.copy(3, a, 0, 3)
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)") // prints: bounds: copying 3 elements at index 3 is out of bounds
        }
        show(b) // prints: 100 2 3 4 4 of 5
        show(new int[](0, a, 6, a.slice(0, 2))) // prints: 0 1 2 3 4 5 6 1 2 of 9
        char words[][] = new char[][]("a", "b")
        char more[][] = new char[][](words, "c")
        more.copy(0, more, 1, 2)
        out.println("$(more[0])$(more[1])$(more[2]) $(words[0])") // prints: bcc a
        return 0
    }
}
