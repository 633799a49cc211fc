interface Gate {
    transfer int passed

    // Does not come back for a long time.
    void pass()
}
