component provides Relay requires Cell cell, Doubler doubler {
    void Relay:pass(int n) {
        passed += doubler.twice(n)
        cell.add(n)
        cell.add(n)
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
