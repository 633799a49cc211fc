// One call at a time gets through, and it waits while it holds the lock.
component provides Counter requires time.Timer timer {
    Mutex lock = new Mutex()
    int Counter:next() {
        mutex (lock) {
            int seen = count
            timer.sleepUs(1)
            count = seen + 1
            return count
        }
    }
    int Counter:total() {
        return count
    }
}
