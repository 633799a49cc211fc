component provides Thing(AdaptEvents) requires io.Output out {
    int moves = 0
    Thing:Thing(int start) {
        number = start
    }
    char[] Thing:show() {
        number++
        return "c$number"
    }
    void AdaptEvents:inactive() {
        out.println("c leaves $number")
    }
    void AdaptEvents:active() {
        moves++
        out.println("c enters $number")
    }
}
