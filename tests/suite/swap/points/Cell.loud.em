// Says each call of `add`.
component provides Cell requires Doubler doubler, io.Output out {
    Mutex lock = new Mutex()
    void put(int by) {
        int twice = doubler.twice(by)
        mutex (lock) {
            sum += twice
            calls++
            last = "$by"
        }
    }
    void Cell:add(int by) {
        out.println("$by")
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
            return "$(sum) in $calls, last $last"
        }
    }
}
