// Dates as HTTP writes them: "Sun, 06 Nov 1994 08:49:37 GMT".

interface Dates {
    // Milliseconds since 1970.
    char[] format(int milliseconds)

    // Seconds since 1970; -1 if it is not such a date. Its older forms are not read.
    int parse(char text[])
}
