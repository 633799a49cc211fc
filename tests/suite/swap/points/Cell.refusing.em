// Can be come to, but not left.
component provides Cell(AdaptEvents) requires Doubler doubler {
    Mutex lock = new Mutex()
    int mine = 0
    void put(int by) {
        int twice = doubler.twice(by)
        mutex (lock) {
            mine += twice
            calls++
            last = "$by"
        }
    }
    void Cell:add(int by) {
        put(by)
    }
    void Cell:fail(int by) {
        put(by)
        throw new Exception("test", "failed with $by")
    }
    int Cell:down(Cell other, Cell own, int depth) {
        if (depth == 0) return 1
        put(depth)
        int below = other.down(own, other, depth - 1)
        put(100 * depth)
        return below + depth
    }
    char[] Cell:report() {
        mutex (lock) {
            return "$(sum + mine) in $calls, last $last"
        }
    }
    void AdaptEvents:inactive() {
        throw new Exception("test", "it does not want to go")
    }
    void AdaptEvents:active() {
    }
}
