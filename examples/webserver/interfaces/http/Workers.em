// A fixed number of lanes; in each, one request at a time is answered, in order of arrival.

uses http.Get
uses http.Request
uses http.Served
uses net.TCPSocket

interface Workers {
    const int LANES = 4

    transfer Mutex lanes[]
    transfer int waiting[]          // by lane, with the one being answered

    Served run(Get get, Request request, TCPSocket client)
}
