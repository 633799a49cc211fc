component provides Slow requires io.Output out, time.Timer timer {
    int Slow:work(char who[], int ms) {
        calls++
        int mine = calls
        out.println("new begins $who $mine")
        timer.sleep(ms)
        out.println("new ends $who $mine")
        return mine
    }
}
