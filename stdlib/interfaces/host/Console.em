// The three standard streams of the process. Wrapped by io.Output, io.ErrorOutput and io.Input.

interface Console {
    // Writes the bytes of `text` to standard output, as they are (no newline is added).
    void print(char text[])

    // Writes the bytes of `text` to standard error.
    void error(char text[])

    // The next line of standard input without its "\n", or null at the end of the input.
    // A last line without "\n" is returned as a line. Suspends the green thread, not the isolate.
    char[] readLine()
}
