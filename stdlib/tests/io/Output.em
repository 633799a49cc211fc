// Output takes what it is given: the harness reads it.

component provides App requires io.Output out, io.ErrorOutput err, io.Input input {
    int App:main(AppParam params[]) {
        out.print("")
        out.print("o")
        err.println("to standard error")
        char line[] = input.readln()
        while (line !== null) line = input.readln()
        if (!input.eof()) return 1
        out.println("k 1")
        return 0
    }
}
