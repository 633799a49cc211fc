// Waiting.

interface Timer {
    void sleep(int milliseconds)

    // 0 just lets other threads run.
    void sleepUs(int microseconds)
}
