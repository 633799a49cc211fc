interface Door {
    void open()
    void close()
}

interface Window {
    void open()
    void close()
}
