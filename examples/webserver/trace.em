// The load for the web server, and its judge: every byte of every answer is checked.
//
//   text    large texts for slow clients, one after the other, so bytes on the way matter
//   image   more images than a cache holds, round and round
//   small   a few small files again and again, and between them many that hardly come back
//
// Ends with 1 if an answer was missing, late by its connection, or wrong.

uses http.Item
uses http.Reply
uses data.String

component provides App requires
        http.Client, util.Random, util.Checksum checksum, io.Output out, io.ErrorOutput err,
        time.Clock clock, time.Timer timer, data.IntUtil numbers, data.StringUtil strings,
            data.FloatUtil floats,
        native host.Zlib zlib {
    const int PATIENCE = 100        // tenths of a second that the server may take to start
    const int REUSES = 24           // requests on one connection
    const int HOT = 40              // small files that come back
    const int LARGEST = 16777216
    const int WIDE = 200000         // receive buffer of a client that takes what comes
    const int NARROW = 8192         // of one that is slow, and reads so much at a time
    const int PAUSE = 2000          // microseconds between its reads
    const int MESSAGES = 10         // failures that are told one by one

    char address[] = null
    int port = 8080
    float seconds = 15.0
    int connections = 8
    char only[] = null

    Item items[] = null             // of the phase that runs
    int turn = 0
    int end = 0
    int requests = 0
    int failures = 0
    int micros = 0
    int bytes = 0

    char[] configure(AppParam params[]) {
        address = "127.0.0.1"
        for (int i = 0; i < params.arrayLength; i += 2) {
            char name[] = params[i].string
            if (i + 1 == params.arrayLength) return "$name needs a value"
            char value[] = params[i + 1].string
            if (name == "--phase") only = value
            else if (name == "--address") address = value
            else if (name == "--seconds") seconds = floats.floatFromString(value)
            else if (!numbers.isInt(value)) return "$value is not a number"
            else if (name == "--port") port = numbers.intFromString(value)
            else if (name == "--connections") connections = numbers.intFromString(value)
            else return "unknown argument $name"
        }
        if (!(seconds >= 0.0 && seconds < 1000000000.0) || connections < 1 || connections > 10000) {
            return "a number is out of range"
        }
        if (only !== null && only != "text" && only != "image" && only != "small") {
            return "there is no phase $only"
        }
        return null
    }

    // The server may be starting at the same moment.
    Client connectFirst() {
        for (int i = 0; i < PATIENCE; i++) {
            try {
                return new Client(address, port, 0)
            } catch (Exception e) {
                if (e.kind != "io") throw e
                timer.sleep(100)
            }
        }
        return new Client(address, port, 0)
    }

    Item[] readManifest() {
        Client client = connectFirst()
        Reply reply = client.get("/manifest.txt", false, 65536, 0)
        client.close()
        if (reply.status != 200) {
            throw new Exception("io",
                "the server has no manifest.txt: was its folder made by makesite?")
        }
        String lines[] = strings.explode(strings.trim(reply.body), "\n")
        Item found[] = new Item[lines.arrayLength]
        for (int i = 0; i < lines.arrayLength; i++) {
            String parts[] = strings.explode(lines[i].string, " ")
            if (parts.arrayLength != 4) throw new Exception("io", "manifest.txt is damaged")
            int size = numbers.intFromString(parts[2].string)
            found[i] = new Item(parts[0].string, parts[1].string, size, parts[3].string, null, null)
        }
        return found
    }

    Item[] ofKind(Item all[], char kind[]) {
        Item found[] = new Item[all.arrayLength]
        int count = 0
        foreach (Item item in all) {
            if (item.kind == kind) {
                found[count] = item
                count++
            }
        }
        return found.slice(0, count)
    }

    Item choose(char phase[], Random random) {
        int count = items.arrayLength
        if (phase == "small") {
            if (random.next(10) < 7) return items[random.next(count < HOT ? count : HOT)]
            return items[random.next(count)]
        }
        turn++
        return items[turn % count]
    }

    void complain(char message[]) {
        failures++
        if (failures <= MESSAGES) err.println("trace: $message")
    }

    // Is it the content of the item? What equals a body that was right is right.
    bool isRight(Item item, char body[]) {
        if (item.plain !== null) return body == item.plain
        if (body.arrayLength != item.size) return false
        if (numbers.toHex(checksum.fnv(body)) != item.sum) return false
        item.plain = body
        return true
    }

    void check(Item item, Reply reply) {
        char path[] = item.path
        if (reply.status != 200) {
            complain("$path: status $(reply.status)")
            return
        }
        if (reply.encoding == "gzip") {
            if (item.coded !== null && reply.body == item.coded) return
            if (isRight(item, zlib.gunzip(reply.body, LARGEST))) item.coded = reply.body
            else complain("$path: wrong bytes behind gzip")
        } else if (reply.encoding != "") {
            complain("$path: encoding $(reply.encoding)")
        } else if (!isRight(item, reply.body)) {
            complain("$path: wrong bytes, $(reply.body.arrayLength) of $(item.size)")
        }
    }

    // One connection's worth of requests.
    void visit(char phase[], Random random) {
        bool slow = phase == "text"
        Client client = new Client(address, port, slow ? NARROW : WIDE)
        int left = REUSES
        while (left > 0 && clock.monotonicUs() < end) {
            Item item = choose(phase, random)
            int start = clock.monotonicUs()
            Reply reply = client.get(item.path, true, slow ? NARROW : WIDE, slow ? PAUSE : 0)
            micros += clock.monotonicUs() - start
            requests++
            bytes += reply.body.arrayLength
            check(item, reply)
            left = reply.keepAlive ? left - 1 : 0
        }
        client.close()
    }

    void browse(char phase[], int seed) {
        Random random = new Random(seed)
        while (clock.monotonicUs() < end) {
            try {
                visit(phase, random)
            } catch (Exception e) {
                if (e.kind == "cancelled") return
                complain("$(e.kind): $(e.message)")
                timer.sleep(10)
            }
        }
    }

    void play(Item all[], char phase[]) {
        items = ofKind(all, phase)
        if (items.arrayLength == 0) throw new Exception("io", "manifest.txt has no $phase files")
        int forever = 1 << 62
        end = forever
        if (seconds > 0.0) end = clock.monotonicUs() + int(seconds * 1000000.0)
        requests = 0
        micros = 0
        bytes = 0
        int before = failures
        Thread threads[] = new Thread[connections]
        for (int i = 0; i < connections; i++) threads[i] = asynch::browse(phase, i + 1)
        foreach (Thread thread in threads) thread.join()
        int mean = requests == 0 ? 0 : micros / requests
        int failed = failures - before
        int kib = bytes / 1024
        out.println("$phase: $requests requests, $failed failed, mean $mean us, $kib KiB")
    }

    int App:main(AppParam params[]) {
        char wrong[] = null
        try {
            wrong = configure(params)
        } catch (Exception e) {
            wrong = e.message
        }
        if (wrong !== null) {
            err.println("trace: $wrong\nusage: trace [--address A] [--port N] [--seconds N] " +
                "[--connections N] [--phase text|image|small]")
            return 2
        }
        try {
            Item all[] = readManifest()
            String phases[] = strings.explode("text image small", " ")
            foreach (String phase in phases) {
                if (only === null || only == phase.string) play(all, phase.string)
            }
        } catch (Exception e) {
            err.println("trace: $(e.message)")
            return 1
        }
        return failures == 0 ? 0 : 1
    }
}
