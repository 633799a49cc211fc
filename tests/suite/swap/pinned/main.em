// One thread is inside of the gate for 200 ms, another one calls it 1000 times meanwhile.
component provides App requires Gate gate, Gate other, io.Output out, time.Timer timer {
    void work() {
        gate.enter()
    }
    int App:main(AppParam params[]) {
        Thread inside = asynch::work()
        timer.sleepUs(1000)
        char last[] = ""
        for (int i = 0; i < 1000; i++) {
            last = gate.poke()
            timer.sleepUs(200)
        }
        out.println("$last $(other.poke())")
        gate.open()
        inside.join()
        timer.sleep(30)
        out.println("$(gate.poke()) $(other.poke())")
        return 0
    }
}
