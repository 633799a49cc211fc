uses Lever

component provides Counter(AdaptEvents) requires io.Output out {
    int Counter:next() {
        number += 2
        return number
    }

    void Counter:work(Lever lever) {
        out.println("twice works at $number")
        lever.pull()
        out.println("twice still works at $number")
    }

    void AdaptEvents:active() {
        out.println("twice gets $number")
    }

    void AdaptEvents:inactive() {
        out.println("twice leaves $number")
    }
}
