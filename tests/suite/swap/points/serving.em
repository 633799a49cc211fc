// Blocked in `accept` most of the time.
component provides App requires Cell, io.Output out, net.TCPServerSocket, net.TCPSocket {
    int App:main(AppParam params[]) {
        Cell cell = new Cell()
        TCPServerSocket server = new TCPServerSocket()
        server.bind("0.0.0.0", 80)
        while (true) {
            TCPSocket client = new TCPSocket()
            client.accept(server)
            char request[] = client.recv(100)
            cell.add(request.arrayLength)
            client.send(cell.report())
            client.disconnect()
            if (request == "end") break
        }
        out.println(cell.report())
        return 0
    }
}
