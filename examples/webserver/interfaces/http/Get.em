// Answers requests with the files of a folder.

uses http.Request
uses http.Served
uses net.TCPSocket

interface Get {
    transfer char root[]

    // The folder that is served.
    void serve(store char folder[])

    // Sends the whole answer. An exception means that the connection is of no more use.
    Served respond(Request request, TCPSocket client)
}
