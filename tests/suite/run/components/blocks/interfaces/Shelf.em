interface Shelf {
    transfer int used
    void put(int n)
    int total()
}

interface Label {
    transfer char text[]
    Label(char text[])
    char[] show()
}
