// Readers together, writers alone, and no writer waits for ever.

component provides App requires os.RWLock, time.Timer timer, io.Output out {
    RWLock lock
    int readers = 0
    int most = 0
    int writers = 0
    int written = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
    }

    void read() {
        for (int i = 0; i < 20; i++) {
            lock.lockRead()
            readers++
            if (readers > most) most = readers
            check(writers == 0, "somebody writes what is read")
            timer.sleepUs(50)
            readers -= 1
            lock.unlockRead()
        }
    }

    void write() {
        for (int i = 0; i < 10; i++) {
            lock.lockWrite()
            writers++
            check(writers == 1 && readers == 0, "a writer is not alone")
            timer.sleepUs(20)
            writers -= 1
            written++
            lock.unlockWrite()
        }
    }

    bool faults(bool reading) {
        try {
            if (reading) lock.unlockRead()
            else lock.unlockWrite()
        } catch (Exception e) {
            return e.kind == "lock"
        }
        return false
    }

    int App:main(AppParam params[]) {
        lock = new RWLock()
        check(faults(true) && faults(false), "what nobody holds is given up")
        Thread threads[] = new Thread[6]
        for (int i = 0; i < 4; i++) threads[i] = asynch::read()
        for (int i = 4; i < 6; i++) threads[i] = asynch::write()
        foreach (Thread thread in threads) thread.join()
        check(written == 20 && readers == 0, "$written writes")
        check(most > 1, "readers wait for each other")
        out.println("ok")
        return 0
    }
}
