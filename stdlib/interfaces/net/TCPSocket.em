// A connection. What fails is an Exception of kind "io".

interface TCPSocket {
    transfer resource connection
    transfer int receiveBuffer

    // Call before connect: the most bytes that may wait on this side (0: the system decides).
    void setReceiveBuffer(int bytes)

    void connect(char address[], int port)

    // Waits for the next connection of a bound server socket and becomes it.
    void accept(TCPServerSocket server)

    // After connect or accept: how many bytes may wait on this side before send waits.
    void setSendBuffer(int bytes)

    // Waits for at least one byte; up to `max` bytes; empty when the other side has ended.
    char[] recv(int max)

    // Returns when the system has taken all of it.
    void send(char content[])

    // "address:port" of the other side.
    char[] peer()

    void disconnect()
}
