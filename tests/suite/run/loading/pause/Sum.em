component provides Sum requires Counter counter {
    int Sum:add() {
        return counter.next()
    }
}
