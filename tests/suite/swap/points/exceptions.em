// Exceptions that pass through several components.
component provides App requires Relay relay, Cell, io.Output out {
    int App:main(AppParam params[]) {
        int caught = 0
        Cell cell = new Cell()
        for (int i = 1; i < 4; i++) {
            try {
                relay.fail(i)
            } catch (Exception e) {
                if (e.message == "failed with $i") caught++
            }
            try {
                cell.fail(i)
            } catch (Exception e) {
                relay.pass(i)
            }
        }
        out.println("$caught, $(relay.report()), $(cell.report())")
        return 0
    }
}
