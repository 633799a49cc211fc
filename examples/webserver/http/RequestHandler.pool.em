// Leaves the answer to a fixed number of workers. The lanes are not this component's own state, so
// it can be swapped while requests wait in them.

uses http.Get
uses http.Request
uses http.Served
uses net.TCPSocket

component provides http.RequestHandler requires http.Workers workers {
    Served RequestHandler:handle(Get get, Request request, TCPSocket client) {
        return workers.run(get, request, client)
    }
}
