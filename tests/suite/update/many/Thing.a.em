component provides Thing {
    int Thing:next() {
        number++
        return number
    }
}
