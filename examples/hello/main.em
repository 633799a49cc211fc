// The smallest program.

component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        out.println("Hello, world!")
        return 0
    }
}
