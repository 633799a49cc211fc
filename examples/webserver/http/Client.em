// Reads answers with a Content-Length, which is all that our server sends.

uses http.Reply
uses net.TCPSocket

component provides http.Client requires
        net.TCPSocket, time.Timer timer, data.StringUtil strings, data.IntUtil numbers {
    const int HEAD = 16384
    const int BODY = 67108864

    Client:Client(char address[], int port, int receiveBuffer) {
        connection = new TCPSocket()
        connection.setReceiveBuffer(receiveBuffer)
        connection.connect(address, port)
        pending = new char[0]
    }

    void fail(char message[]) {
        throw new Exception("io", message)
    }

    char[] receive(int most, int pause) {
        char more[] = connection.recv(most)
        if (more.arrayLength == 0) fail("the server closed the connection too early")
        if (pause > 0) timer.sleepUs(pause)
        return more
    }

    // The value of a header in lower case, without blanks; null if it is not there.
    char[] header(char head[], char name[]) {
        int at = strings.find(head, "\n" + name + ":", 0)
        if (at == strings.NOT_FOUND) return null
        int start = at + name.arrayLength + 2
        return strings.trim(head.slice(start, strings.find(head, "\r\n", start)))
    }

    int numberOf(char text[]) {
        if (text === null || !strings.isNumeric(text) || text.arrayLength > 12) {
            fail("no valid length")
        }
        return numbers.intFromString(text)
    }

    char[] readHead(int most, int pause) {
        int end = strings.find(pending, "\r\n\r\n", 0)
        while (end == strings.NOT_FOUND) {
            if (pending.arrayLength > HEAD) fail("the head of the answer has no end")
            pending = pending + receive(most, pause)
            end = strings.find(pending, "\r\n\r\n", 0)
        }
        char head[] = pending.slice(0, end + 2)
        pending = pending.slice(end + 4, pending.arrayLength)
        return head
    }

    char[] readBody(int length, int most, int pause) {
        if (length > BODY) fail("the answer is too long")
        char body[] = new char[length]
        int count = pending.arrayLength < length ? pending.arrayLength : length
        body.copy(0, pending, 0, count)
        pending = pending.slice(count, pending.arrayLength)
        while (count < length) {
            int wanted = length - count
            char more[] = receive(wanted < most ? wanted : most, pause)
            body.copy(count, more, 0, more.arrayLength)
            count += more.arrayLength
        }
        return body
    }

    Reply Client:get(char path[], bool gzip, int most, int pause) {
        char accept[] = gzip ? "Accept-Encoding: gzip\r\n" : ""
        connection.send("GET $path HTTP/1.1\r\nHost: localhost\r\n$accept\r\n")
        char head[] = strings.lowercase(readHead(most, pause))
        if (head.arrayLength < 12 || !strings.startsWith(head, "http/1.1 ")) {
            fail("not an HTTP answer")
        }
        Reply reply = new Reply()
        reply.status = numberOf(head.slice(9, 12))
        reply.encoding = header(head, "content-encoding")
        if (reply.encoding === null) reply.encoding = ""
        reply.keepAlive = header(head, "connection") != "close"
        reply.body = readBody(numberOf(header(head, "content-length")), most, pause)
        return reply
    }

    void Client:close() {
        connection.disconnect()
    }
}
