// Events, each of which is to arrive once and in order.
component provides App requires Bell, Ear, io.Output out, time.Timer timer {
    int App:main(AppParam params[]) {
        Bell bell = new Bell()
        Ear ear = new Ear()
        ear.listen(bell)
        for (int i = 0; i < 4; i++) {
            bell.ring(2)
            timer.sleepUs(100)
        }
        timer.sleep(2000)
        out.println(ear.report())
        return 0
    }
}
