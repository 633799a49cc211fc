// Who may not go on yet looks again when the lock has been given up, in the order of arrival.

component provides os.RWLock {
    Mutex guard = new Mutex()

    RWLock:RWLock() {
    }

    // Notes that the running thread waits; the guard is held.
    void queue() {
        line = new Thread[](line, this.thread)
    }

    void wakeAll() {
        Thread waiting[] = null
        mutex (guard) {
            waiting = line
            line = new Thread[0]
        }
        foreach (Thread thread in waiting) thread.signal()
    }

    void RWLock:lockRead() {
        bool has = false
        while (!has) {
            mutex (guard) {
                has = !writing && writersWaiting == 0
                if (has) readers++
                else queue()
            }
            if (!has) this.thread.wait()
        }
    }

    void RWLock:unlockRead() {
        mutex (guard) {
            if (readers == 0) throw new Exception("lock", "nobody reads")
            readers -= 1
        }
        wakeAll()
    }

    void RWLock:lockWrite() {
        mutex (guard) {
            writersWaiting++
        }
        bool has = false
        while (!has) {
            mutex (guard) {
                has = !writing && readers == 0
                if (has) {
                    writing = true
                    writersWaiting -= 1
                } else {
                    queue()
                }
            }
            if (!has) this.thread.wait()
        }
    }

    void RWLock:unlockWrite() {
        mutex (guard) {
            if (!writing) throw new Exception("lock", "nobody writes")
            writing = false
        }
        wakeAll()
    }
}
