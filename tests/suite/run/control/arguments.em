// Arguments and lines of input.
// args: one two three
// input: first line
// input: second line
component provides App requires io.Output out, io.Input input {
    int App:main(AppParam params[]) {
        foreach (AppParam p in params) out.print("<$(p.string)>")
        out.println("") // prints: <one><two><three>
        char line[] = input.readln()
        while (line !== null) {
            out.println("$(line.arrayLength): $line")
            line = input.readln()
        }
        // prints: 10: first line
        // prints: 11: second line
        return params.arrayLength - 3
    }
}
