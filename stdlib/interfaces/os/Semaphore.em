// A count that threads wait for.

interface Semaphore {
    transfer int count
    transfer Thread line[]      // who waits, the first one first

    Semaphore()

    // Takes one, when there is one.
    void wait()

    // Gives one, and lets the thread go on that has waited longest.
    void signal()
}
