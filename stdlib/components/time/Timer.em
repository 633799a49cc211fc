// Waiting by the clock of the isolate's world.

component provides time.Timer requires native host.Clock clock {
    void Timer:sleep(int milliseconds) {
        clock.sleepUs(milliseconds * 1000)
    }

    void Timer:sleepUs(int microseconds) {
        clock.sleepUs(microseconds)
    }
}
