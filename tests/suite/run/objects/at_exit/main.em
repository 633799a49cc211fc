// What is alive when main returns is destroyed then.
component provides App requires Thing, io.Output out {
    Thing kept = null

    int App:main(AppParam params[]) {
        kept = new Thing(7, null)
        Thing local = new Thing(8, null)
        out.println("end") // prints: end
        return 0
        // prints: gone 8
        // prints: gone 7
    }
}
