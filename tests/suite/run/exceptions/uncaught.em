// What nobody catches ends the program.
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        out.println("before") // prints: before
        throw new Exception("my-kind", "what happened")
        return 0
    }
}
// fault: my-kind: what happened
// trace: at App:main (uncaught:5)
