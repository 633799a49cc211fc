// Clauses are tried in order; what none of them catches goes on, with its type.

uses Files

component provides App requires io.Output out, Files files {
    int cleaned = 0

    char[] quiet(char path[]) {
        Mutex m = new Mutex()
        try {
            mutex (m) { return files.read(path) }
        } catch (NotFound e) {
            return "[$(e.path) $(e.code) $(e.kind)]"
        } catch (Full e) {
            if (e.code == 4) return "four"
            throw e
        }
    }
    char[] read(char path[]) {
        try {
            return quiet(path)
        } catch (Failed e) {
            return "$(e.kind) $(e.message) $(e.code) $(e hastype Full) $(e hastype NotFound)"
        } catch (Exception other) {
            return other.kind
        }
    }
    void nested() {
        try {
            try {
                files.read("full")
            } catch (NotFound e) {
                cleaned = 100
            }
        } catch (Exception e) {
            cleaned++
            if (e hastype Failed) cleaned += Failed(e).code
        }
    }
    int App:main(AppParam params[]) {
        out.println(read("there")) // prints: text
        out.println(read("gone")) // prints: [gone 2 not-there]
        out.println(read("full")) // prints: Full no room 3 true false
        out.println(read("plain")) // prints: plain
        out.println(read("zero")) // prints: divide-by-zero
        nested()
        out.println("$cleaned") // prints: 4
        for (int i = 0; i < 3; i++) {
            try {
                if (i == 0) continue
                if (i == 1) throw new NotFound(path = "x")
                files.read("full")
            } catch (Full e) {
                break
            } catch (NotFound e) {
                out.println("$i $(e.path) $(e.message === null)") // prints: 1 x true
            }
        }
        try {
            files.read("late")
        } catch (Full e) {
            out.println("not this")
        }
        out.println("nor this")
        return 0
    }
}
// fault: not-there: no such file
