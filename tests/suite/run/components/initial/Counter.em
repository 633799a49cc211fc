component provides Counter {
    int start = 40
    int count = start + 1
    int Counter:next() {
        count++
        return count
    }
}
