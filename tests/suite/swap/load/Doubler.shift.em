component provides Doubler requires time.Timer timer {
    int Doubler:twice(int x) {
        timer.sleepUs(x % 3)
        return x << 1
    }
}
