component provides Front requires Handler handler, net.TCPServerSocket, net.TCPSocket {
    void Front:serve(int port) {
        TCPServerSocket server = new TCPServerSocket()
        server.bind("0.0.0.0", port)
        while (true) {
            TCPSocket client = new TCPSocket()
            client.accept(server)
            char request[] = client.recv(100)
            client.send("front a, " + handler.answer(request))
            client.disconnect()
            if (request == "end") return
        }
    }
}
