// n calls of a function of another component, which is wired when the program starts and may be
// swapped at any time.

component provides App requires
        bench.Step step, io.Output out, time.Clock clock, data.IntUtil ints {
    int App:main(AppParam params[]) {
        int n = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            int x = 0
            int begin = clock.monotonicUs()
            for (int call = 0; call < n; call++) x = step.step(x)
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$x $ns")
        }
        return 0
    }
}
