// GET and HEAD for the files of a folder (RFC 9110): conditional requests, one range, compression.
//
// What is cached is a body as it is sent: its key names the compressor, the file, its size and its
// time, so a changed file or another compressor never finds an old body. What a compressor can't
// make smaller is remembered by an empty body. Large files are neither cached nor compressed but
// sent in pieces. Ranges are parts of the file itself, never of a compressed form.

uses http.Request
uses http.Served
uses io.FileInfo
uses net.TCPSocket

component provides http.Get requires
        cache.Cache cache, compress.Compressor compressor, http.Dates dates, http.Types types,
        io.File, io.FileSystem files, data.IntUtil numbers, data.StringUtil strings,
        time.Clock clock {
    const int LARGE = 1048576       // from this size on a file is sent in pieces
    const int PIECE = 65536
    const int SMALL = 8192          // up to this size a file counts as "small"
    const int TOGETHER = 65536      // a head and a body up to this size are sent as one

    void Get:serve(store char folder[]) {
        root = folder
    }

    char[] reason(int status) {
        if (status == 200) return "OK"
        if (status == 206) return "Partial Content"
        if (status == 301) return "Moved Permanently"
        if (status == 304) return "Not Modified"
        if (status == 400) return "Bad Request"
        if (status == 403) return "Forbidden"
        if (status == 404) return "Not Found"
        if (status == 405) return "Method Not Allowed"
        if (status == 413) return "Content Too Large"
        if (status == 416) return "Range Not Satisfiable"
        if (status == 501) return "Not Implemented"
        if (status == 505) return "HTTP Version Not Supported"
        return "Internal Server Error"
    }

    // `fields` are complete lines.
    char[] head(int status, Request request, char fields[]) {
        char text[] = reason(status)
        char date[] = dates.format(clock.nowMs())
        char connection[] = request.keepAlive ? "keep-alive" : "close"
        return new char[]("HTTP/1.1 $status $text\r\nDate: $date\r\nServer: Em\r\n",
            "Connection: $connection\r\n$fields\r\n")
    }

    Served answerError(Request request, TCPSocket client, int status, char fields[]) {
        char text[] = reason(status)
        char body[] = "$status $text\n"
        int length = body.arrayLength
        char all[] = "Content-Type: text/plain; charset=utf-8\r\nContent-Length: $length\r\n$fields"
        char start[] = head(status, request, all)
        if (request.method == "HEAD") client.send(start)
        else client.send(start + body)
        return new Served(status, "error", length)
    }

    Served Get:respond(Request request, TCPSocket client) {
        if (request.problem != 0) return answerError(request, client, request.problem, "")
        if (request.method != "GET" && request.method != "HEAD") {
            return answerError(request, client, 405, "Allow: GET, HEAD\r\n")
        }
        if (strings.contains(request.path, "/.")) return answerError(request, client, 404, "")
        char path[] = root + request.path
        FileInfo info = files.getInfo(path)
        if (info.isDirectory) {
            if (!strings.endsWith(path, "/")) return redirect(request, client)
            path = path + "index.html"
            info = files.getInfo(path)
        }
        if (!info.isFile || strings.endsWith(path, "/")) {
            return answerError(request, client, 404, "")
        }
        if (!isChanged(request, info)) return notModified(request, client, path, info)
        if (request.range !== null && request.method == "GET" && isRangeValid(request, info)) {
            int range[] = readRange(request.range, info.size)
            if (range !== null) return respondRange(request, client, path, info, range)
        }
        if (info.size >= LARGE) return respondLarge(request, client, path, info)
        return respondWhole(request, client, path, info)
    }

    bool isPlain(int c) {
        if (c >= 97 && c <= 122) return true
        if (c >= 65 && c <= 90) return true
        return c >= 45 && c <= 57
    }

    // A folder's name without the '/' at its end: relative links in it would go wrong.
    Served redirect(Request request, TCPSocket client) {
        char location[] = ""
        foreach (char c in request.path) {
            int value = int(c)
            if (isPlain(value)) {
                location = location + c
            } else {
                char digits[] = numbers.toHex(value)
                location = location + (value < 16 ? "%0" : "%") + digits
            }
        }
        return answerError(request, client, 301, "Location: $location/\r\n")
    }

    // One file state, one tag.
    char[] tag(FileInfo info) {
        char time[] = numbers.toHex(info.modified)
        char size[] = numbers.toHex(info.size)
        return "\"$time-$size\""
    }

    // Compressed forms have the same meaning but not the same bytes, so their tag is a weak one.
    char[] validators(FileInfo info, bool isPlainForm) {
        char weak[] = isPlainForm ? "" : "W/"
        char etag[] = tag(info)
        char date[] = dates.format(info.modified)
        return "ETag: $weak$etag\r\nLast-Modified: $date\r\nVary: Accept-Encoding\r\n"
    }

    // A tag decides alone; the date counts only without one.
    bool isChanged(Request request, FileInfo info) {
        if (request.ifNoneMatch !== null) {
            if (strings.trim(request.ifNoneMatch) == "*") return false
            return !strings.contains(request.ifNoneMatch, tag(info))
        }
        if (request.ifModifiedSince !== null) {
            int since = dates.parse(request.ifModifiedSince)
            return since < 0 || info.modified / 1000 > since
        }
        return true
    }

    // If-Range: is what the client has a part of still the same, byte for byte?
    bool isRangeValid(Request request, FileInfo info) {
        if (request.ifRange === null) return true
        return request.ifRange == tag(info) || request.ifRange == dates.format(info.modified)
    }

    // Up to 15 digits; -1 if it is anything else.
    int numberIn(char text[]) {
        if (!strings.isNumeric(text) || text.arrayLength > 15) return -1
        return numbers.intFromString(text)
    }

    // First and last byte of a range, { -1, -1 } if no byte of the file is in it, null if it is not
    // one range of bytes and the whole file is meant.
    int[] readRange(char text[], int size) {
        if (!strings.startsWith(text, "bytes=")) return null
        char range[] = strings.trim(text.slice(6, text.arrayLength))
        int dash = strings.find(range, "-", 0)
        if (dash == strings.NOT_FOUND) return null
        char low[] = strings.trim(range.slice(0, dash))
        char high[] = strings.trim(range.slice(dash + 1, range.arrayLength))
        int first = numberIn(low)
        int last = numberIn(high)
        if ((low.arrayLength > 0 && first < 0) || (high.arrayLength > 0 && last < 0)) return null
        if (first < 0 && last < 0) return null
        if (first < 0) {
            if (last == 0 || size == 0) return new int[](-1, -1)
            return new int[](last > size ? 0 : size - last, size - 1)
        }
        if (last >= 0 && last < first) return null
        if (first >= size) return new int[](-1, -1)
        if (last < 0 || last >= size) last = size - 1
        return new int[](first, last)
    }

    char[] kindOf(char path[], FileInfo info) {
        if (info.size <= SMALL) return "small"
        return types.kind(path)
    }

    Served notModified(Request request, TCPSocket client, char path[], FileInfo info) {
        char fields[] = validators(info, !request.gzip)
        client.send(head(304, request, fields))
        return new Served(304, kindOf(path, info), info.size)
    }

    // Sends bytes of a file in pieces. If the file has become shorter the promised length can't be
    // kept: the exception closes the connection.
    void sendPieces(TCPSocket client, File file, int start, int length) {
        file.setPos(start)
        int left = length
        while (left > 0) {
            char piece[] = file.read(left < PIECE ? left : PIECE)
            if (piece.arrayLength == 0) throw new Exception("io", "a file became shorter")
            client.send(piece)
            left -= piece.arrayLength
        }
    }

    // The file, or null if the system does not let us read it.
    File open(char path[]) {
        try {
            return new File(path, File.READ)
        } catch (Exception e) {
            return null
        }
    }

    Served respondRange(Request request, TCPSocket client, char path[], FileInfo info,
        int range[]) {
        int first = range[0]
        int last = range[1]
        int size = info.size
        if (first < 0) return answerError(request, client, 416, "Content-Range: bytes */$size\r\n")
        File file = open(path)
        if (file === null) return answerError(request, client, 403, "")
        int length = last - first + 1
        char type[] = types.mime(path)
        char kept[] = validators(info, true)
        char fields[] = "Content-Type: $type\r\nContent-Length: $length\r\n" +
            "Content-Range: bytes $first-$last/$size\r\n$kept"
        client.send(head(206, request, fields))
        sendPieces(client, file, first, length)
        file.close()
        return new Served(206, kindOf(path, info), size)
    }

    Served respondLarge(Request request, TCPSocket client, char path[], FileInfo info) {
        File file = open(path)
        if (file === null) return answerError(request, client, 403, "")
        client.send(head(200, request, wholeFields(path, info, "identity", info.size)))
        if (request.method == "GET") sendPieces(client, file, 0, info.size)
        file.close()
        return new Served(200, kindOf(path, info), info.size)
    }

    char[] wholeFields(char path[], FileInfo info, char encoding[], int length) {
        char type[] = types.mime(path)
        bool plain = encoding == "identity"
        char coded[] = plain ? "Accept-Ranges: bytes\r\n" : "Content-Encoding: $encoding\r\n"
        char kept[] = validators(info, plain)
        return "Content-Type: $type\r\nContent-Length: $length\r\n$coded$kept"
    }

    char[] keyOf(char label[], char path[], FileInfo info) {
        int time = info.modified
        int size = info.size
        return "$label $time $size $path"
    }

    // The content of a file, from the cache or the disk.
    char[] plainBody(char path[], FileInfo info) {
        char key[] = keyOf("identity", path, info)
        char body[] = cache.get(key)
        if (body !== null) return body
        body = files.readFile(path)
        cache.put(key, body)
        return body
    }

    // The compressed content, from the cache or made now; null if it is no smaller. The compressor
    // may be another one at each call. Whatever it is called now, the key is never the one of a
    // plain body; and what was made while it was swapped has no sure name and is not cached.
    char[] compressedBody(char path[], FileInfo info) {
        char label[] = compressor.label()
        char key[] = keyOf("gzip " + label, path, info)
        char body[] = cache.get(key)
        if (body === null) {
            char content[] = files.readFile(path)
            body = compressor.compress(content)
            if (body === null || body.arrayLength >= content.arrayLength) body = new char[0]
            if (compressor.label() == label) cache.put(key, body)
            if (body.arrayLength == 0) cache.put(keyOf("identity", path, info), content)
        }
        if (body.arrayLength == 0) return null
        return body
    }

    Served respondWhole(Request request, TCPSocket client, char path[], FileInfo info) {
        char body[] = null
        char encoding[] = "gzip"
        try {
            if (request.gzip && info.size > 0 && compressor.encoding() == "gzip") {
                body = compressedBody(path, info)
            }
            if (body === null) {
                body = plainBody(path, info)
                encoding = "identity"
            }
        } catch (Exception e) {
            return answerError(request, client, e.kind == "io" ? 403 : 500, "")
        }
        char start[] = head(200, request, wholeFields(path, info, encoding, body.arrayLength))
        if (request.method == "HEAD") {
            client.send(start)
        } else if (body.arrayLength <= TOGETHER) {
            client.send(start + body)
        } else {
            client.send(start)
            client.send(body)
        }
        return new Served(200, kindOf(path, info), info.size)
    }
}
