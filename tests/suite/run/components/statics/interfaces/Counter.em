interface Counter {
    int next()
    void note(char text[])
    char[] notes()
}

interface Reader {
    int seen()
}
