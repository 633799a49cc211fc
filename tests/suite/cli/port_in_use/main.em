component provides App requires net.TCPServerSocket, data.IntUtil numbers, io.Output out {
    int App:main(AppParam params[]) {
        TCPServerSocket server = new TCPServerSocket()
        server.bind("127.0.0.1", numbers.intFromString(params[0].string))
        out.println("listens")
        return 0
    }
}
