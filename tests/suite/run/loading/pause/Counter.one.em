component provides Counter {
    int Counter:next() {
        count++
        return count
    }
}
