// Time, as the world of this isolate has it (real or simulated).

interface Clock {
    // Milliseconds since 1970-01-01 UTC.
    int wallMs()

    // Microseconds since some fixed moment; never goes back.
    int monotonicUs()

    // Suspends the green thread for at least so long; 0 or less just lets others run.
    void sleepUs(int microseconds)
}
