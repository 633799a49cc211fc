// What was answered, for whoever watches.

data Served {
    int status
    char kind[]             // "text", "image", "small", "other"; "error" for anything but a file
    int size                // of the file, however it was sent
}
