component provides Thing(AdaptEvents) requires io.Output out {
    int moves = 0
    Thing:Thing(int start) {
        number = start
    }
    char[] Thing:show() {
        number++
        return "a$number"
    }
    void AdaptEvents:inactive() {
        out.println("a leaves $number")
    }
    void AdaptEvents:active() {
        moves++
        out.println("a enters $number")
    }
}
