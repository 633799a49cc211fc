// Calls through three components, each of which has state.
component provides App requires Relay relay, Relay other, io.Output out {
    int App:main(AppParam params[]) {
        for (int i = 1; i < 4; i++) {
            relay.pass(i)
            other.pass(10 * i)
        }
        out.println("$(relay.report()), $(other.report())")
        return 0
    }
}
