// The clock of the isolate's world.

component provides time.Clock requires native host.Clock clock {
    int Clock:nowMs() {
        return clock.wallMs()
    }

    int Clock:monotonicUs() {
        return clock.monotonicUs()
    }
}
