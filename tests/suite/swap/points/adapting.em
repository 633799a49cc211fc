// A proxy is put before a component and taken away by a thread that does nothing else.
uses lang.IDC
uses Relay
component provides App requires Loader loader, composition.Adapt adapt, io.Output out, time.Timer timer {
    IDC user
    IDC proxy
    IDC plain
    bool over = false
    void work() {
        while (!over) {
            adapt.adaptRequiredInterface(user, "Cell", proxy, "lang.Proxy")
            timer.sleepUs(0)
            adapt.adaptRequiredInterface(user, "Cell", plain, "Cell")
            timer.sleepUs(0)
        }
    }
    int App:main(AppParam params[]) {
        user = loader.load("Relay.a")
        plain = loader.load("Cell.loud")
        proxy = loader.load("Through")
        proxy.wire("lang.Morph", plain, "Cell")
        adapt.adaptRequiredInterface(user, "Cell", plain, "Cell")
        Relay relay = new Relay() from user
        Thread thread = asynch::work()
        for (int i = 1; i < 3; i++) relay.pass(i)
        over = true
        thread.join()
        out.println("done")
        return 0
    }
}
