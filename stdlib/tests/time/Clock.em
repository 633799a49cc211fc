// Time passes, and waiting takes it.

component provides App requires time.Clock clock, time.Timer timer, io.Output out {
    int ticks = 0
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    void tick() {
        for (int i = 0; i < 5; i++) {
            ticks++
            timer.sleepUs(0)
        }
    }

    int App:main(AppParam params[]) {
        int wall = clock.nowMs()
        int start = clock.monotonicUs()
        timer.sleep(20)
        int after = clock.monotonicUs()
        check(after - start >= 20000, "waiting was too short")
        check(clock.nowMs() - wall >= 19, "the wall clock stood still")
        Thread other = asynch::tick()
        timer.sleep(5)
        other.join()
        check(ticks == 5, "the other thread did not run")
        check(clock.monotonicUs() >= after, "time went back")
        out.println("ok $checks")
        return 0
    }
}
