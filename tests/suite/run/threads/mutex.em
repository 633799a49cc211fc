// A mutex is held by one thread at a time, also across calls that wait; it is let go by exceptions.
component provides App requires io.Output out, time.Timer timer {
    Mutex lock = new Mutex()
    int inside = 0
    int most = 0
    int count = 0

    void add(int n) {
        for (int i = 0; i < n; i++) {
            mutex (lock) {
                inside++
                if (inside > most) most = inside
                int seen = count
                timer.sleepUs(i % 3)
                count = seen + 1
                inside--
            }
        }
    }

    void nested() {
        mutex (lock) {
            mutex (lock) {
                count += 1000
            }
        }
    }

    void fail() {
        mutex (lock) {
            throw new Exception("inside", "of the lock")
        }
    }

    int leave() {
        for (int i = 0; i < 5; i++) {
            mutex (lock) {
                if (i == 1) continue
                if (i == 3) return i
            }
        }
        return -1
    }

    int App:main(AppParam params[]) {
        Thread a = asynch::add(20)
        Thread b = asynch::add(20)
        Thread c = asynch::add(20)
        a.join()
        b.join()
        c.join()
        out.println("$count $most") // prints: 60 1
        nested()
        try {
            fail()
        } catch (Exception e) {
            out.println("$(e.kind) $(e.message)") // prints: inside of the lock
        }
        out.println("$(leave())") // prints: 3
        Thread d = asynch::nested()
        d.join()
        out.println("$count") // prints: 2060
        try {
            Mutex none = null
            mutex (none) {
                count = 0
            }
        } catch (Exception e) {
            out.println("$(e.kind) $count") // prints: null 2060
        }
        return 0
    }
}
