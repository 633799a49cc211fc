// Listeners of the host. All state is transfer state, so a bound port survives a swap.

component provides net.TCPServerSocket(Destructor) requires native host.Net net {
    void TCPServerSocket:bind(char address[], int port) {
        listener = net.listen(address, port)
    }

    int TCPServerSocket:port() {
        return net.port(listener)
    }

    void TCPServerSocket:unbind() {
        net.close(listener)
    }

    resource TCPServerSocket:handle() {
        return listener
    }

    void Destructor:destroy() {
        if (listener !== null) net.close(listener)
    }
}
