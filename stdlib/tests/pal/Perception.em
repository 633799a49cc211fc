// Telling something to nobody is no fault.

component provides App requires pal.Perception perception, io.Output out {
    int App:main(AppParam params[]) {
        perception.addMetric("test_metric", 1.5, true)
        perception.addEvent("test_event", 2.0)
        out.println("ok 1")
        return 0
    }
}
