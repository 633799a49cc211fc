// Threads that all wait in one line, or each in a mutex of its own: `mutex N`, `signal N`, `own N`.
component provides App requires time.Timer timer, data.IntUtil numbers {
    Mutex lock = new Mutex()

    void locks() {
        mutex (lock) {
            timer.sleep(1)
        }
    }

    void waits(Thread of) {
        of.wait()
    }

    void holds() {
        Mutex own = new Mutex()
        mutex (own) {
            timer.sleep(3600000)
        }
    }

    int App:main(AppParam params[]) {
        char what[] = params[0].string
        int count = numbers.intFromString(params[1].string)
        Thread me = this.thread
        mutex (lock) {
            for (int i = 0; i < count; i++) {
                if (what == "mutex") asynch::locks()
                else if (what == "signal") asynch::waits(me)
                else asynch::holds()
            }
            timer.sleep(3600000)
        }
        return 0
    }
}
