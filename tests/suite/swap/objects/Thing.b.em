component provides Thing(AdaptEvents) requires io.Output out {
    int moves = 0
    Thing:Thing(int start) {
        number = start
    }
    char[] Thing:show() {
        number++
        return "b$number"
    }
    void AdaptEvents:inactive() {
        out.println("b leaves $number")
    }
    void AdaptEvents:active() {
        moves++
        out.println("b enters $number")
    }
}
