// A port that others connect to. What fails is an Exception of kind "io".

interface TCPServerSocket {
    transfer resource listener

    // Port 0: the system chooses one.
    void bind(char address[], int port)

    int port()
    void unbind()

    // The native listener, for TCPSocket.accept.
    resource handle()
}
