component provides Part(AdaptEvents) requires io.Output out, time.Timer timer {
    int mine = 10
    int Part:use() {
        mine++
        out.println("b uses $mine $count [$text]")
        return mine
    }
    void AdaptEvents:inactive() {
        out.println("b inactive $mine $count [$text]")
        count = mine
        text = "$(text)b"
        timer.sleepUs(30)
        out.println("b is inactive")
    }
    void AdaptEvents:active() {
        out.println("b active $mine $count [$text]")
        mine = count * 10
        timer.sleepUs(30)
        out.println("b is active")
    }
}
