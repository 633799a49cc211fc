// A call is in flight from 0 to 50 ms. Another begins at 20 ms, after the swap at 10 ms.
component provides App requires Slow slow, io.Output out, time.Timer timer {
    void first() {
        slow.work("first", 50)
    }
    int App:main(AppParam params[]) {
        Thread t = asynch::first()
        timer.sleep(20)
        slow.work("second", 5)
        t.join()
        timer.sleep(1)
        slow.work("third", 5)
        return 0
    }
}
