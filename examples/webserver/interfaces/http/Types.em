// What a file's name says about its content.

interface Types {
    // The value for Content-Type.
    char[] mime(char path[])

    // "image", "text" or "other".
    char[] kind(char path[])
}
