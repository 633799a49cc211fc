component provides Worker requires time.Timer timer {
    int Worker:work() {
        while (true) {
            rounds++
            timer.sleep(1)
        }
        return rounds
    }
    int Worker:done() {
        return rounds
    }
}
