// An answer as a client gets it.

data Reply {
    int status
    char encoding[]         // of the body; "" if the server named none
    char body[]             // as it came
    bool keepAlive
}
