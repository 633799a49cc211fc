// The time.

interface Clock {
    // Milliseconds since 1970-01-01 UTC.
    int nowMs()

    // Microseconds since some fixed moment; never goes back.
    int monotonicUs()
}
