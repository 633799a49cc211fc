component provides Gate requires time.Timer timer {
    void Gate:enter() {
        while (!isOpen) timer.sleepUs(700)
    }
    void Gate:open() {
        isOpen = true
    }
    char[] Gate:poke() {
        pokes++
        return "b$pokes"
    }
}
