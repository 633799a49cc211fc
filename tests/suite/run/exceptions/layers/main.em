// Exceptions go through components until somebody catches them, and a trace says how.
component provides App requires Outer outer, io.Output out {
    void show(Exception e) {
        out.print("$(e.kind): $(e.message)\n$(e.trace)")
    }
    int App:main(AppParam params[]) {
        out.println("$(outer.divide(9, 3))") // prints: 4
        try {
            outer.divide(1, 0)
        } catch (Exception e) {
            show(e)
        }
        // prints: divide-by-zero: division by zero
        // prints:   at Inner:divide (Inner:3)
        // prints:   at Outer:divide (Outer:3)
        // prints:   at App:main (main:9)
        try {
            outer.risky(4)
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)") // prints: wrapped: mine and at the bottom
        }
        try {
            try {
                throw new Exception("a", "first")
            } catch (Exception e) {
                throw new Exception("b", "after $(e.kind)")
            }
        } catch (Exception e) {
            out.println("$(e.kind) $(e.message)") // prints: b after a
        }
        return outer.divide(1, outer.divide(0, 5) - 1)
    }
}
// fault: divide-by-zero: division by zero
// trace: at Inner:divide (Inner:3)
// trace: at Outer:divide (Outer:3)
// trace: at App:main (main:31)
