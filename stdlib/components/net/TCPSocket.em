// Connections of the host. All state is transfer state, so an open connection survives a swap.

component provides net.TCPSocket(Destructor) requires native host.Net net {
    void TCPSocket:setReceiveBuffer(int bytes) {
        receiveBuffer = bytes
    }

    void TCPSocket:connect(char address[], int port) {
        connection = net.connect(address, port, receiveBuffer)
    }

    void TCPSocket:accept(TCPServerSocket server) {
        connection = net.accept(server.handle())
    }

    void TCPSocket:setSendBuffer(int bytes) {
        net.setSendBuffer(connection, bytes)
    }

    char[] TCPSocket:recv(int max) {
        return net.recv(connection, max)
    }

    void TCPSocket:send(char content[]) {
        net.send(connection, content)
    }

    char[] TCPSocket:peer() {
        return net.peer(connection)
    }

    void TCPSocket:disconnect() {
        net.close(connection)
    }

    void Destructor:destroy() {
        if (connection !== null) net.close(connection)
    }
}
