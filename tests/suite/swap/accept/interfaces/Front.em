interface Front {
    transfer int unused
    void serve(int port)
}
