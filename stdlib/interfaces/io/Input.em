// Standard input, by lines.

interface Input {
    // The next line without its line end; null at the end.
    char[] readln()

    // Has readln returned null?
    bool eof()
}
