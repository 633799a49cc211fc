component provides Slow requires io.Output out, time.Timer timer {
    int Slow:work(char who[], int ms) {
        calls++
        int mine = calls
        out.println("old begins $who $mine")
        timer.sleep(ms)
        out.println("old ends $who $mine")
        return mine
    }
}
