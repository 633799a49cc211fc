uses lang.IDC

interface Counter {
    transfer int number

    int next()

    // Calls the lever in the middle.
    void work(Lever lever)
}

interface Lever {
    void prepare(store IDC of, store Counter counter, store IDC to)
    bool pull()
}

interface Sum {
    int add(int times)
    Counter other()
}
