// A lock that is held over calls, by threads that wait for each other.
component provides App requires Relay relay, io.Output out {
    Mutex door = new Mutex()
    int inside = 0
    void work(int id) {
        for (int i = 0; i < 2; i++) {
            mutex (door) {
                if (inside != 0) throw new Exception("test", "two are inside")
                inside = id
                relay.pass(id)
                inside = 0
            }
        }
    }
    int App:main(AppParam params[]) {
        Thread threads[] = new Thread[2]
        for (int i = 0; i < 2; i++) threads[i] = asynch::work(i + 1)
        foreach (Thread t in threads) t.join()
        relay.pass(3)
        out.println(relay.report())
        return 0
    }
}
