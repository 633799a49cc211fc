interface Tally {
    transfer int calls
    char[] count()
}

interface Worker {
    transfer int done
    void begin()
    void work()
    int finished()
}
