data Tick {
    int number
}

interface Source {
    transfer int number
    event tick(Tick tick)
    void run(int count)
}
