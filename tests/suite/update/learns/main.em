// A call that does not end is in the gate, while there is something to learn from.
component provides App requires Gate gate, pal.Perception perception, time.Timer timer, io.Output out {
    void pass() {
        gate.pass()
    }

    int App:main(AppParam params[]) {
        Thread inside = asynch::pass()
        timer.sleepUs(0)
        out.println("at 0")
        while (true) {
            perception.addMetric("time", 1.0, false)
            timer.sleep(5)
        }
    }
}
