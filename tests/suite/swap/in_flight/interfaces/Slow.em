interface Slow {
    transfer int calls
    int work(char who[], int ms)
}
