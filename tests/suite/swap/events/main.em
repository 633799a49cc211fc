// Uses a part twice, every millisecond.
component provides App requires Part part, io.Output out, time.Timer timer {
    int App:main(AppParam params[]) {
        part.use()
        timer.sleep(1)
        part.use()
        timer.sleep(1)
        part.use()
        return 0
    }
}
