// A line is a name, its answer how often it was seen: `main` waits in accept, each connection in recv.
component provides App requires Counter counter, net.TCPServerSocket, net.TCPSocket, io.Output out {
    void serve(TCPSocket client) {
        while (true) {
            char line[] = new char[0]
            while (true) {
                char letter[] = client.recv(1)
                if (letter.arrayLength == 0) return
                if (letter[0] == "\n"[0]) break
                line = "$line$letter"
            }
            client.send("$(counter.count(line))\n")
        }
    }

    int App:main(AppParam params[]) {
        TCPServerSocket server = new TCPServerSocket()
        server.bind("127.0.0.1", 0)
        out.println("at $(server.port())")
        while (true) {
            TCPSocket client = new TCPSocket()
            client.accept(server)
            asynch::serve(client)
        }
    }
}
