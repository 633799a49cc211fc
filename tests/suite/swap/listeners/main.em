// Counts the ticks of a source while both are replaced, some of them between two ticks.
component provides App requires io.Output out, time.Timer timer, Source, Sum {
    int App:main(AppParam params[]) {
        Source source = new Source()
        Sum sum = new Sum()
        sum.listen(source)
        for (int i = 0; i < 40; i++) {
            source.run(5)
            timer.sleepUs(100)
        }
        timer.sleep(1)
        out.println(sum.report())
        return 0
    }
}
