// Has very many objects and calls one after the other, each as often, for as long as its argument says.
// Tells the longest time between two calls, and whether any object has lost its number.
component provides App requires Thing, io.Output out, time.Clock clock, data.IntUtil numbers {
    const int OBJECTS = 100000

    int App:main(AppParam params[]) {
        Thing all[] = new Thing[OBJECTS]
        for (int i = 0; i < OBJECTS; i++) all[i] = new Thing()
        out.println("at 0")
        int end = clock.monotonicUs() + numbers.intFromString(params[0].string) * 1000
        int last = clock.monotonicUs()
        int longest = 0
        int round = 0
        int wrong = 0
        while (last < end) {
            round++
            for (int i = 0; i < OBJECTS; i++) {
                if (all[i].next() != round) wrong++
                int now = clock.monotonicUs()
                if (now - last > longest) longest = now - last
                last = now
            }
        }
        out.println("$wrong wrong, longest pause $longest us")
        return 0
    }
}
