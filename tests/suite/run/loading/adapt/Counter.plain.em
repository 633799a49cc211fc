uses Lever

component provides Counter(AdaptEvents) requires io.Output out {
    int Counter:next() {
        number++
        return number
    }

    void Counter:work(Lever lever) {
        out.println("plain works at $number")
        out.println("pulled: $(lever.pull())")
        number += 10
        out.println("plain still works at $number")
    }

    void AdaptEvents:active() {
        out.println("plain gets $number")
    }

    void AdaptEvents:inactive() {
        out.println("plain leaves $number")
    }
}
