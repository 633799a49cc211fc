component provides Gate requires time.Timer timer {
    void Gate:pass() {
        passed++
        timer.sleep(600000)
    }
}
