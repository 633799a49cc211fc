// One connection to a server. What fails is an Exception of kind "io".

uses http.Reply
uses net.TCPSocket

interface Client {
    transfer TCPSocket connection
    transfer char pending[]

    // A receive buffer of 0 is the system's own.
    Client(char address[], int port, int receiveBuffer)

    // Asks for a path and waits for the whole answer, `pause` microseconds after each read of at
    // most `most` bytes.
    Reply get(char path[], bool gzip, int most, int pause)

    void close()
}
