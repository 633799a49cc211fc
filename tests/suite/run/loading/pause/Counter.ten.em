component provides Counter {
    int Counter:next() {
        count += 10
        return count
    }
}
