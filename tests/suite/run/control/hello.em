component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        out.println("hello") // prints: hello
        return 0
    }
}
