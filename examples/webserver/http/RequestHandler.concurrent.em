// Answers at once, on the connection's own thread: nobody waits for anybody, everybody shares the
// processor and the memory.

uses http.Get
uses http.Request
uses http.Served
uses net.TCPSocket

component provides http.RequestHandler {
    Served RequestHandler:handle(Get get, Request request, TCPSocket client) {
        return get.respond(request, client)
    }
}
