component provides App requires io.Output out, time.Timer timer, Tally first, Tally second, Worker worker {
    void round() {
        worker.work()
        timer.sleep(1)
        out.println("$(first.count()), $(second.count()), $(worker.finished())")
    }
    int App:main(AppParam params[]) {
        worker.begin()
        round()
        round()
        timer.sleep(1)
        round()
        timer.sleep(1)
        round()
        return 0
    }
}
