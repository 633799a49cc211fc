// Keeps its state to itself, and hands it over when asked to.
component provides Counter(AdaptEvents) requires time.Timer timer {
    int mine = 0
    char log[] = ""
    int Counter:next() {
        mine++
        log = "$mine"
        char before[] = log
        int result = mine
        if (result % 3 == 0) timer.sleepUs(0)
        if (before != "$result") throw new Exception("test", "a variable has changed")
        return result
    }
    int Counter:total() {
        return mine
    }
    void AdaptEvents:active() {
        mine = count
    }
    void AdaptEvents:inactive() {
        count = mine
    }
}
