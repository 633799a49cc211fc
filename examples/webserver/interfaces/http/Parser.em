// Reads the requests of one connection.

uses http.Request
uses net.TCPSocket

interface Parser {
    const int HEAD = 16384          // the longest request line and headers, in bytes
    const int BODY = 65536          // the longest body that is read (and ignored)

    transfer TCPSocket client
    transfer char pending[]         // received and not used yet

    Parser(store TCPSocket socket)

    // Waits for the next request; null when the client has ended. After a request with keepAlive
    // false there is no next one.
    Request next()
}
