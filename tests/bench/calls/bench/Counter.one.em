component provides bench.Counter requires native host.Clock clock {
    void Counter:add(int n) {
        count += n
    }

    int Counter:get() {
        return count
    }

    void Counter:rest(int milliseconds) {
        clock.sleepUs(milliseconds * 1000)
    }
}
