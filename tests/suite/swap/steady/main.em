// Ten objects, used for a second of simulated time.
component provides App requires Thing, io.Output out, time.Timer timer, time.Clock clock {
    int App:main(AppParam params[]) {
        Thing things[] = new Thing[10]
        for (int i = 0; i < 10; i++) things[i] = new Thing(i * 1000000)
        int rounds = 0
        int start = clock.monotonicUs()
        while (clock.monotonicUs() - start < 1000000) {
            for (int i = 0; i < 10; i++) things[i].next()
            rounds++
            timer.sleepUs(10)
        }
        timer.sleep(100)
        bool exact = true
        for (int i = 0; i < 10; i++) {
            if (things[i].next() != i * 1000000 + rounds + 1) exact = false
        }
        out.println("$(exact && rounds > 1000)")
        return 0
    }
}
