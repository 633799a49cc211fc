// Its calls wait in the middle, so that they are in flight when something happens.
component provides Counter requires time.Timer timer {
    int Counter:next() {
        count++
        int mine = count
        timer.sleepUs(mine % 5)
        return mine
    }
    int Counter:total() {
        return count
    }
}
