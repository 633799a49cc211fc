component provides Counter {
    int Counter:next() {
        count++
        return count
    }
    int Counter:total() {
        return count
    }
}
