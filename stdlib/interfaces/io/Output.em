// Standard output.

interface Output {
    void print(char text[])

    // With a line end behind it.
    void println(char text[])
}
