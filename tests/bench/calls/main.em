// What calls and switches cost, in nanoseconds, as metrics: the loop is measured empty, with a call
// of a private function, with a wired call, and with two green threads that give way to each other.

component provides App requires
        bench.Step step, pal.Perception perception, native host.Clock clock {
    const int CALLS = 5000000
    const int SWITCHES = 100000

    void report(char name[], int begin, int n) {
        int us = clock.monotonicUs() - begin
        perception.addMetric(name, float(us) * 1000.0 / float(n), false)
    }

    int own(int x) {
        if (x < 0) return own(x + 2)
        return x + 1
    }

    void giveWay() {
        for (int i = 0; i < SWITCHES; i++) {
            clock.sleepUs(0)
        }
    }

    int App:main(AppParam params[]) {
        int x = 0
        int begin = clock.monotonicUs()
        for (int i = 0; i < CALLS; i++) x = own(x)
        report("own", begin, CALLS)
        begin = clock.monotonicUs()
        for (int i = 0; i < CALLS; i++) x = step.step(x)
        report("wired", begin, CALLS)
        begin = clock.monotonicUs()
        Thread a = asynch::giveWay()
        Thread b = asynch::giveWay()
        a.join()
        b.join()
        report("switch", begin, 2 * SWITCHES)
        return x == 2 * CALLS ? 0 : 1
    }
}
