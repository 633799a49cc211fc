// A string put together from pieces.

interface StringBuilder {
    transfer char builderContent[]      // all pieces, while they move to another implementation

    void add(char str[])
    char[] get()
}
