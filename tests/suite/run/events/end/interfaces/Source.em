data Tick { int number }
interface Source {
    event tick(Tick tick)
    void run(int count)
}
