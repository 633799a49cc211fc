// Chains that come back to an object that they are in already.
component provides App requires Cell, io.Output out {
    int App:main(AppParam params[]) {
        Cell a = new Cell()
        Cell b = new Cell()
        int there = a.down(b, a, 4)
        int alone = b.down(b, b, 3)
        out.println("$there $alone, $(a.report()), $(b.report())")
        return 0
    }
}
