// Decides when a request that has been read is answered.
//
// Variants: `concurrent` at once, all connections share the processor; `pool` when one of a few
// workers is free, so those being answered are answered sooner and slow clients hold up others.

uses http.Get
uses http.Request
uses http.Served
uses net.TCPSocket

interface RequestHandler {
    // Returns when the answer has been sent.
    Served handle(Get get, Request request, TCPSocket client)
}
