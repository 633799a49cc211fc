component provides Part(AdaptEvents) requires io.Output out, time.Timer timer {
    int mine = 10
    int Part:use() {
        mine++
        out.println("a uses $mine $count [$text]")
        return mine
    }
    void AdaptEvents:inactive() {
        out.println("a inactive $mine $count [$text]")
        count = mine
        text = "$(text)a"
        timer.sleepUs(30)
        out.println("a is inactive")
    }
    void AdaptEvents:active() {
        out.println("a active $mine $count [$text]")
        mine = count * 10
        timer.sleepUs(30)
        out.println("a is active")
    }
}
