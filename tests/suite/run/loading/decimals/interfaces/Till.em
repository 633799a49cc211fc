interface Till {
    transfer dec total
    transfer dec prices[]
    void take(dec price)
    char[] text()
}
