// Objects that are used until the program is stopped.
component provides App requires Thing, time.Timer timer {
    int App:main(AppParam params[]) {
        Thing things[] = new Thing[10]
        for (int i = 0; i < 10; i++) things[i] = new Thing(i)
        while (things[0].next() > 0) {
            for (int i = 1; i < 10; i++) things[i].next()
            timer.sleepUs(10)
        }
        return 0
    }
}
