// HTTP/1.1 (RFC 9112) as far as a file server needs it: the request line and a few headers. Bodies
// are read over. Lines may end in a lone "\n".

uses http.Request
uses net.TCPSocket

component provides http.Parser requires data.StringUtil strings {
    const int CHUNK = 16384

    Parser:Parser(store TCPSocket socket) {
        client = socket
        pending = new char[0]
    }

    // Adds what comes next to what is pending; false at the end.
    bool receive() {
        char more[] = client.recv(CHUNK)
        if (more.arrayLength == 0) return false
        if (pending.arrayLength == 0) pending = more
        else pending = pending + more
        return true
    }

    // Where the head that begins at the front of `pending` ends (behind its empty line), looking
    // from `start` on; -1 if it isn't complete.
    int headEnd(int start) {
        char bytes[] = pending
        int count = bytes.arrayLength
        for (int i = start; i < count; i++) {
            if (bytes[i] == '\n') {
                if (i + 1 < count && bytes[i + 1] == '\n') return i + 2
                if (i + 2 < count && bytes[i + 1] == '\r' && bytes[i + 2] == '\n') return i + 3
            }
        }
        return -1
    }

    // Empty lines in front of a request are allowed, and ignored.
    void skipEmptyLines() {
        int start = 0
        int count = pending.arrayLength
        while (start < count && (pending[start] == '\r' || pending[start] == '\n')) start++
        if (start > 0) pending = pending.slice(start, count)
    }

    Request failed(int status) {
        Request request = new Request()
        request.problem = status
        request.method = "GET"
        return request
    }

    Request Parser:next() {
        skipEmptyLines()
        int end = headEnd(0)
        while (end < 0) {
            int before = pending.arrayLength
            if (before > Parser.HEAD) return failed(413)
            if (!receive()) return null
            if (before == 0) {
                skipEmptyLines()
                before = 0
            }
            end = headEnd(before < 3 ? 0 : before - 3)
        }
        if (end > Parser.HEAD) return failed(413)
        char head[] = pending.slice(0, end)
        pending = pending.slice(end, pending.arrayLength)
        return readHead(head)
    }

    int lineEnd(char head[], int start) {
        int end = start
        while (head[end] != '\n') end++
        return end
    }

    // The line without its end.
    char[] lineAt(char head[], int start, int end) {
        if (end > start && head[end - 1] == '\r') return head.slice(start, end - 1)
        return head.slice(start, end)
    }

    Request readHead(char head[]) {
        int end = lineEnd(head, 0)
        Request request = readRequestLine(lineAt(head, 0, end))
        if (request.problem != 0) return request
        bool old = !request.keepAlive
        int hosts = 0
        int length = -1
        bool expects = false
        int start = end + 1
        end = lineEnd(head, start)
        char line[] = lineAt(head, start, end)
        while (line.arrayLength > 0) {
            int colon = nameEnd(line)
            if (colon < 1) return failed(400)
            char name[] = strings.lowercase(line.slice(0, colon))
            char value[] = strings.trim(line.slice(colon + 1, line.arrayLength))
            if (hasControl(value)) return failed(400)
            if (name == "host") hosts++
            else if (name == "connection") setConnection(request, value)
            else if (name == "content-length") {
                int said = lengthOf(value)
                if (said < 0 || (length >= 0 && said != length)) return failed(400)
                length = said
            }
            else if (name == "transfer-encoding") return failed(501)
            else if (name == "expect") expects = true
            else setField(request, name, value)
            start = end + 1
            end = lineEnd(head, start)
            line = lineAt(head, start, end)
        }
        if (hosts > 1 || (hosts == 0 && !old)) return failed(400)
        return skipBody(request, length, expects)
    }

    void setField(Request request, char name[], char value[]) {
        if (name == "accept-encoding") request.gzip = takesGzip(value)
        else if (name == "if-none-match") request.ifNoneMatch = value
        else if (name == "if-modified-since") request.ifModifiedSince = value
        else if (name == "if-range") request.ifRange = value
        else if (name == "range") request.range = value
    }

    // A body that is expected to be invited, or is too long, is not read.
    Request skipBody(Request request, int length, bool expects) {
        if (length > Parser.BODY) return failed(413)
        if (length > 0 && expects) {
            request.keepAlive = false
            return request
        }
        int left = length
        while (left > 0) {
            if (pending.arrayLength == 0 && !receive()) return null
            int taken = pending.arrayLength < left ? pending.arrayLength : left
            pending = pending.slice(taken, pending.arrayLength)
            left -= taken
        }
        return request
    }

    bool isToken(char c) {
        if (c >= 'a' && c <= 'z') return true
        if (c >= 'A' && c <= 'Z') return true
        if (c >= '0' && c <= '9') return true
        return strings.contains("!#\$%&'*+-.^_`|~", new char[](c))
    }

    // Where the ':' behind a header's name is; -1 if there is none or the name is no token.
    int nameEnd(char line[]) {
        for (int i = 0; i < line.arrayLength; i++) {
            if (line[i] == ':') return i
            if (!isToken(line[i])) return -1
        }
        return -1
    }

    bool hasControl(char value[]) {
        foreach (char c in value) {
            if ((c < ' ' && c != '\t') || c == '\x7f') return true
        }
        return false
    }

    int lengthOf(char value[]) {
        if (!strings.isNumeric(value)) return -1
        int length = 0
        foreach (char c in value) {
            length = length * 10 + int(c) - 48
            if (length > 1000000000000) length = 1000000000000
        }
        return length
    }

    void setConnection(Request request, char value[]) {
        char options[] = strings.lowercase(value)
        if (strings.contains(options, "close")) request.keepAlive = false
        else if (strings.contains(options, "keep-alive")) request.keepAlive = true
    }

    // Accept-Encoding: is gzip, or anything, named without the weight 0? What is named itself
    // counts more than "*".
    bool takesGzip(char value[]) {
        bool any = false
        int start = 0
        char list[] = strings.lowercase(value) + ','
        for (int i = 0; i < list.arrayLength; i++) {
            if (list[i] == ',') {
                char part[] = list.slice(start, i)
                start = i + 1
                int semicolon = strings.find(part, ";", 0)
                char coding[] = part
                bool refused = false
                if (semicolon != strings.NOT_FOUND) {
                    coding = part.slice(0, semicolon)
                    refused = isZeroWeight(part.slice(semicolon + 1, part.arrayLength))
                }
                coding = strings.trim(coding)
                if (coding == "gzip" || coding == "x-gzip") return !refused
                if (coding == "*") any = !refused
            }
        }
        return any
    }

    // "q=0", "q=0.0", "q=0.00", "q=0.000", with blanks around.
    bool isZeroWeight(char text[]) {
        char weight[] = strings.trim(text)
        if (!strings.startsWith(weight, "q=0")) return false
        for (int i = 3; i < weight.arrayLength; i++) {
            if (weight[i] != '0' && weight[i] != '.') return false
        }
        return true
    }

    // keepAlive is what the version means without a Connection header.
    Request readRequestLine(char line[]) {
        int first = strings.find(line, " ", 0)
        if (first < 1 || first == strings.NOT_FOUND) return failed(400)
        int second = strings.find(line, " ", first + 1)
        if (second == strings.NOT_FOUND) return failed(400)
        char method[] = line.slice(0, first)
        char target[] = line.slice(first + 1, second)
        char version[] = line.slice(second + 1, line.arrayLength)
        foreach (char c in method) {
            if (!isToken(c)) return failed(400)
        }
        if (version != "HTTP/1.1" && version != "HTTP/1.0") return failed(versionProblem(version))
        Request request = new Request()
        request.method = method
        request.keepAlive = version == "HTTP/1.1"
        request.path = method == "OPTIONS" && target == "*" ? "/" : readTarget(target)
        if (request.path === null) return failed(400)
        return request
    }

    int versionProblem(char version[]) {
        if (version.arrayLength != 8 || !strings.startsWith(version, "HTTP/")) return 400
        bool digits = version[5] >= '0' && version[5] <= '9' && version[7] >= '0' &&
            version[7] <= '9'
        if (!digits || version[6] != '.') return 400
        return 505
    }

    // The path of a request target, decoded and without detours; null if it is not one.
    char[] readTarget(char target[]) {
        char path[] = target
        if (strings.startsWith(target, "http://")) {
            int slash = strings.find(target, "/", 7)
            path = slash == strings.NOT_FOUND ? "/" : target.slice(slash, target.arrayLength)
        }
        int end = strings.find(path, "?", 0)
        if (end == strings.NOT_FOUND) end = path.arrayLength
        if (end == 0 || path[0] != '/') return null
        char decoded[] = decode(path.slice(0, end))
        if (decoded === null) return null
        return direct(decoded)
    }

    int hexOf(char c) {
        if (c >= '0' && c <= '9') return int(c) - 48
        if (c >= 'a' && c <= 'f') return int(c) - 87
        if (c >= 'A' && c <= 'F') return int(c) - 55
        return -1
    }

    // Null for control characters, written out or as %XX, and for a '%' without two digits.
    char[] decode(char text[]) {
        char result[] = new char[text.arrayLength]
        int count = 0
        int i = 0
        while (i < text.arrayLength) {
            int value = int(text[i])
            if (text[i] == '%') {
                if (i + 2 >= text.arrayLength) return null
                int high = hexOf(text[i + 1])
                int low = hexOf(text[i + 2])
                if (high < 0 || low < 0) return null
                value = high * 16 + low
                i += 2
            }
            if (value < 32 || value == 127) return null
            result[count] = char(value)
            count++
            i++
        }
        return result.slice(0, count)
    }

    // Without empty parts, "." and ".."; null if that would leave the root. A '/' at the end stays.
    char[] direct(char path[]) {
        char result[] = new char[path.arrayLength + 1]
        int count = 0
        int start = 1
        while (start <= path.arrayLength) {
            int end = start
            while (end < path.arrayLength && path[end] != '/') end++
            char part[] = path.slice(start, end)
            bool isLast = end == path.arrayLength
            if (part == "..") {
                if (count == 0) return null
                count -= 1
                while (result[count] != '/') count -= 1
            } else if (part.arrayLength > 0 && part != ".") {
                result[count] = '/'
                result.copy(count + 1, part, 0, part.arrayLength)
                count += 1 + part.arrayLength
            }
            bool folder = part.arrayLength == 0 || part == "." || part == ".."
            if (isLast && folder) {
                result[count] = '/'
                count++
            }
            start = end + 1
        }
        return result.slice(0, count)
    }
}
