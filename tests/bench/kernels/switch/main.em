// Two threads that give way to each other, n times together.

component provides App requires
        io.Output out, time.Clock clock, time.Timer timer, data.IntUtil ints {
    int turns = 0

    void giveWay(int n) {
        for (int i = 0; i < n; i++) {
            turns++
            timer.sleepUs(0)
        }
    }

    int App:main(AppParam params[]) {
        int n = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            turns = 0
            int begin = clock.monotonicUs()
            Thread a = asynch::giveWay(n / 2)
            Thread b = asynch::giveWay(n / 2)
            a.join()
            b.join()
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$turns $ns")
        }
        return 0
    }
}
