// TCP. Every failure is an Exception of kind "io" (message: what failed, address, reason of the
// system). Calls that wait suspend the green thread only. Connections have TCP_NODELAY set.

interface Net {
    // Port 0 lets the system choose. Listeners set SO_REUSEADDR (so a restart does not wait), and a
    // port that somebody listens on is an exception.
    resource listen(char address[], int port)

    // The local port of a listener.
    int port(resource listener)

    // Waits for a connection. A listener that is closed meanwhile is an exception.
    resource accept(resource listener)

    // `receiveBuffer` > 0 sets SO_RCVBUF before the connection is made (afterwards it can't shrink
    // the window that was offered); 0 leaves it to the system.
    resource connect(char address[], int port, int receiveBuffer)

    // Waits for at least one byte; up to `max` bytes; empty when the other side has closed.
    char[] recv(resource connection, int max)

    // Hands all of `data` to the system, waiting as often as needed; returns its length.
    int send(resource connection, char data[])

    // SO_SNDBUF: how many bytes may wait in the system before send() waits.
    void setSendBuffer(resource connection, int bytes)

    void setReceiveBuffer(resource connection, int bytes)

    // "address:port" of the other side.
    char[] peer(resource connection)

    // Closes a listener or connection and wakes who waits on it (recv: empty; accept and send: an
    // exception). Closing twice is allowed.
    void close(resource socket)
}
