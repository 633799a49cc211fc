component provides Part(AdaptEvents) requires io.Output out, time.Timer timer {
    int mine = 10
    int Part:use() {
        mine++
        out.println("c uses $mine $count [$text]")
        return mine
    }
    void AdaptEvents:inactive() {
        out.println("c inactive $mine $count [$text]")
        count = mine
        text = "$(text)c"
        timer.sleepUs(30)
        out.println("c is inactive")
    }
    void AdaptEvents:active() {
        out.println("c active $mine $count [$text]")
        mine = count * 10
        timer.sleepUs(30)
        out.println("c is active")
    }
}
