// An HTTP/1.1 file server whose way of working can be exchanged while it serves.
//
// Each connection has a thread here, which reads its requests; everything else is behind
// interfaces. No call to them lasts longer than one request, so a swap takes effect at the next.

uses http.Request
uses http.Served

component provides App requires
        http.RequestHandler handler, http.Get get, http.Parser, http.Site site,
        net.TCPServerSocket, net.TCPSocket, pal.Perception perception, io.FileSystem files,
        io.Output out, io.ErrorOutput err, time.Clock clock, time.Timer timer,
        data.IntUtil numbers {
    // Bytes of one connection that may wait in the system: bounded, because slow clients are many,
    // but two segments at least of the largest kind (64 KiB, on this machine), because a receiver
    // waits long before it confirms less.
    const int SEND_BUFFER = 65536
    const int LINGER = 16777216         // bytes that a refused client may still send

    int port = 8080
    char root[] = null
    bool fill = false

    // Reads the arguments; null, or what is wrong with them.
    char[] configure(AppParam params[]) {
        int i = 0
        while (i < params.arrayLength) {
            char name[] = params[i].string
            if (name == "--fill") {
                fill = true
                i++
                continue
            }
            if (name != "--port" && name != "--root") return "unknown argument $name"
            if (i + 1 == params.arrayLength) return "$name needs a value"
            char value[] = params[i + 1].string
            if (name == "--root") root = value
            else if (!numbers.isInt(value)) return "$value is not a port"
            else port = numbers.intFromString(value)
            i += 2
        }
        if (port < 0 || port > 65535) return "$port is not a port"
        return null
    }

    // The folder beside this program, seen from the root of the sources or from here.
    char[] defaultRoot() {
        if (files.isDirectory("examples/webserver/www")) return "examples/webserver/www"
        return "www"
    }

    int App:main(AppParam params[]) {
        char wrong[] = configure(params)
        if (wrong !== null) {
            err.println("webserver: $wrong\nusage: webserver [--port N] [--root DIR] [--fill]")
            return 2
        }
        if (root === null) root = defaultRoot()
        TCPServerSocket server = new TCPServerSocket()
        try {
            if (fill) site.fill(root)
            if (!files.isDirectory(root)) {
                err.println("webserver: $root is not a folder")
                return 1
            }
            server.bind("0.0.0.0", port)
        } catch (Exception e) {
            err.println("webserver: $(e.message)")
            return 1
        }
        get.serve(root)
        int chosen = server.port()
        out.println("serving $root on http://127.0.0.1:$chosen/")
        accept(server)
        return 0
    }

    // Being out of file descriptors passes; until then there is no use in hurrying.
    void accept(TCPServerSocket server) {
        while (true) {
            TCPSocket client = new TCPSocket()
            try {
                client.accept(server)
                client.setSendBuffer(SEND_BUFFER)
                asynch::serve(client)
            } catch (Exception e) {
                if (e.kind == "cancelled") return
                err.println("webserver: $(e.message)")
                timer.sleep(10)
            }
        }
    }

    // A client that goes away is none of our problems; anything else is.
    void serve(TCPSocket client) {
        try {
            Parser parser = new Parser(client)
            Request request = parser.next()
            while (request !== null) {
                answer(request, client)
                if (!request.keepAlive) {
                    if (request.problem != 0) linger(client)
                    break
                }
                request = parser.next()
            }
        } catch (Exception e) {
            if (e.kind != "io" && e.kind != "cancelled") {
                err.println("webserver: $(e.kind): $(e.message)\n$(e.trace)")
            }
        }
        client.disconnect()
    }

    void answer(Request request, TCPSocket client) {
        int start = clock.monotonicUs()
        Served served = handler.handle(get, request, client)
        int end = clock.monotonicUs()
        perception.addMetric("response_time_us", float(end - start), false)
        perception.addEvent("request_" + served.kind, float(served.size))
    }

    // If we closed while the client is still sending, the system would throw our answer away.
    void linger(TCPSocket client) {
        int total = 0
        char rest[] = client.recv(65536)
        while (rest.arrayLength > 0 && total < LINGER) {
            total += rest.arrayLength
            rest = client.recv(65536)
        }
    }
}
