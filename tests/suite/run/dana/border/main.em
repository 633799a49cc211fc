// An exception that leaves a function in Dana reaches who called it from Em, with its trace.

component provides App requires io.Output out, Work {
    int lines(char trace[]) {
        int count = 0
        foreach (char c in trace) {
            if (c == '\n') count++
        }
        return count
    }

    bool work() {
        Work work = new Work(true)
        out.println("$(work.divided(9, 3))") // prints: 3
        try {
            work.divided(1, 0)
        } catch (Exception e) {
            out.println("$(e.kind) $(lines(e.trace))") // prints: divide-by-zero 2
        }
        out.println("$(work.through(8, 4))")
        // prints: went on with 2
        // prints: and with 2
        // prints: 4
        try {
            work.through(1, 0)
            // prints: went on with 0
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)") // prints: divider: division by zero
        }
        return work.tried() // prints: half: false
    }

    int App:main(AppParam params[]) {
        bool noted = work()
        // prints: destroyed
        out.println("$noted") // prints: true
        try {
            Work none = new Work(false)
            out.println("not here")
        } catch (Exception e) {
            // prints: destroyed
            out.println(e.kind) // prints: no work
        }
        return 0
    }
}
// reports: a function ended with its default value: divide-by-zero: division by zero
// reports: a function ended with its default value: divider: division by zero
// reports: a function ended with its default value: in a destructor: 
// reports: a function ended with its default value: in a destructor: 
