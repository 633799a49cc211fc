component provides Thing requires io.Output out {
    Thing:Thing(int start) {
        number = start
    }
    int Thing:next() {
        number++
        text = "a$number"
        return number
    }
}
