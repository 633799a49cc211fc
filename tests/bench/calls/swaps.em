// A thousand objects with state, two thousand calls in flight, and a caller that never stops: what
// swaps are measured under. Ends when the time is over and says whether any call was lost.

component provides App requires
        bench.Counter, bench.Step step, pal.Perception perception, native host.Clock clock {
    const int OBJECTS = 1000
    const int IN_FLIGHT = 2000
    const int RESTING = 100

    Counter counters[] = null

    void rest(Counter counter, int milliseconds) {
        counter.rest(milliseconds)
    }

    int App:main(AppParam params[]) {
        int seconds = int(params[0].string[0]) - int('0')
        counters = new Counter[OBJECTS + RESTING]
        for (int i = 0; i < counters.arrayLength; i++) counters[i] = new Counter()
        for (int i = 0; i < IN_FLIGHT; i++) {
            asynch::rest(counters[OBJECTS + i % RESTING], 60000)
        }
        int end = clock.monotonicUs() + seconds * 1000000
        int calls = 0
        while (clock.monotonicUs() < end) {
            for (int i = 0; i < OBJECTS; i++) {
                counters[i].add(1)
                calls = step.step(calls)
            }
        }
        int counted = 0
        for (int i = 0; i < OBJECTS; i++) counted += counters[i].get()
        perception.addMetric("calls", float(calls), true)
        perception.addMetric("lost", float(calls - counted), false)
        return calls == counted ? 0 : 1
    }
}
