// Lets many read, or one write. Who waits to write comes before those who come to read later.

interface RWLock {
    transfer int readers
    transfer bool writing
    transfer int writersWaiting
    transfer Thread line[]      // who waits

    RWLock()
    void lockRead()
    void unlockRead()
    void lockWrite()
    void unlockWrite()
}
