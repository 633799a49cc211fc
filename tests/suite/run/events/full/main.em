// A sink that waits gets the events that found room, the first ones; one that goes on gets all.
uses Tick
component provides App requires io.Output out, time.Timer timer, Source {
    int got = 0
    int last = 0
    int all = 0
    Mutex gate = new Mutex()
    eventsink Slow(EventData e) {
        mutex (gate) {
            got++
            last = Tick(e.details).number
        }
    }
    eventsink Fast(EventData e) {
        all++
    }
    int App:main(AppParam params[]) {
        Source source = new Source()
        sinkevent Slow(source)
        mutex (gate) {
            source.run(6000)
        }
        while (got < 4097) timer.sleep(1)
        timer.sleep(1)
        // One has begun, the others wait.
        out.println("$got $last") // prints: 4097 4097
        stopevent Slow(source)
        sinkevent Fast(source)
        source.run(6000)
        while (all < 6000) timer.sleep(1)
        out.println("$all") // prints: 6000
        return 0
    }
}
