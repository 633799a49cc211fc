// Has very many objects and calls one after the other, each as often, until its input ends.
// Tells the longest time between two calls, and whether any object has lost its number.
component provides App requires Thing, io.Input in, io.Output out, time.Clock clock {
    const int OBJECTS = 100000
    bool over = false

    void waitForEnd() {
        in.readln()
        over = true
    }

    int App:main(AppParam params[]) {
        Thing all[] = new Thing[OBJECTS]
        for (int i = 0; i < OBJECTS; i++) all[i] = new Thing()
        out.println("at 0")
        Thread ending = asynch::waitForEnd()
        int last = clock.monotonicUs()
        int longest = 0
        int round = 0
        int wrong = 0
        while (!over) {
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
