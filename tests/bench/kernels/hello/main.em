// How long a program takes that does nothing.

component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        out.println("hello")
        return 0
    }
}
