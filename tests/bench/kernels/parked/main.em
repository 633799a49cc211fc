// n threads that wait for a mutex. Says so when all do, and keeps them.

component provides App requires io.Output out, time.Timer timer, data.IntUtil ints {
    Mutex lock = new Mutex()
    int waiting = 0

    void wait() {
        waiting++
        mutex (lock) {
            waiting--
        }
    }

    int App:main(AppParam params[]) {
        int n = ints.intFromString(params[0].string)
        mutex (lock) {
            for (int i = 0; i < n; i++) asynch::wait()
            while (waiting < n) timer.sleepUs(0)
            out.println("parked")
            timer.sleep(600000)
        }
        return 0
    }
}
