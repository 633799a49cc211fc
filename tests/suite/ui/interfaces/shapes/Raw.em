// Passes what natives can't.

interface Raw {
    void send(Thread thread)
}
