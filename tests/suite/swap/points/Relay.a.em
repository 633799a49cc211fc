component provides Relay requires Cell cell, Doubler doubler {
    void Relay:pass(int n) {
        passed += doubler.twice(n)
        cell.add(n)
        for (int i = 0; i < 1; i++) cell.add(n)
    }
    void Relay:fail(int n) {
        passed++
        cell.fail(n)
        passed = -1
    }
    char[] Relay:report() {
        return "$passed; $(cell.report())"
    }
}
