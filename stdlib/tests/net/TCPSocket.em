// Two threads talk over a socket pair of this machine.

component provides App requires
        net.TCPServerSocket, net.TCPSocket, data.IntUtil numbers, io.Output out {
    const int AMOUNT = 400000

    TCPServerSocket server = null
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    // Sends back what comes until the other side ends.
    void echo() {
        TCPSocket client = new TCPSocket()
        client.accept(server)
        char more[] = client.recv(10000)
        while (more.arrayLength > 0) {
            client.send(more)
            more = client.recv(10000)
        }
        client.disconnect()
    }

    void pour(TCPSocket socket, char content[]) {
        socket.send(content)
    }

    char[] pattern(int size) {
        char bytes[] = new char[size]
        for (int i = 0; i < size; i++) bytes[i] = char((i * 31 + i / 257) & 255)
        return bytes
    }

    // More than the buffers of the system hold, so both directions have to move at once.
    void talk(int receiveBuffer) {
        Thread other = asynch::echo()
        TCPSocket socket = new TCPSocket()
        socket.setReceiveBuffer(receiveBuffer)
        socket.connect("127.0.0.1", server.port())
        socket.setSendBuffer(16384)
        char content[] = pattern(AMOUNT)
        Thread sender = asynch::pour(socket, content)
        int count = 0
        while (count < AMOUNT) {
            char more[] = socket.recv(5000)
            check(more.arrayLength > 0 && more.arrayLength <= 5000,
                "recv gave $(more.arrayLength) bytes")
            check(more == content.slice(count, count + more.arrayLength), "wrong bytes at $count")
            count += more.arrayLength
        }
        sender.join()
        socket.disconnect()
        other.join()
    }

    bool fails(char address[], int port) {
        try {
            TCPSocket socket = new TCPSocket()
            socket.connect(address, port)
        } catch (Exception e) {
            return e.kind == "io"
        }
        return false
    }

    bool isTaken(int port) {
        try {
            TCPServerSocket second = new TCPServerSocket()
            second.bind("127.0.0.1", port)
        } catch (Exception e) {
            return e.kind == "io"
        }
        return false
    }

    int App:main(AppParam params[]) {
        server = new TCPServerSocket()
        server.bind("127.0.0.1", 0)
        int port = server.port()
        check(port > 0, "no port was chosen")
        check(isTaken(port), "a port was given out twice")
        talk(0)
        talk(8192)
        server.unbind()
        check(fails("127.0.0.1", port), "something listens on a port that is closed")
        check(fails("not an address", 80), "a name that is none")
        out.println("ok $checks")
        return 0
    }
}
