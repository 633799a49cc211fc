component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        out.println("a \q b")
        return 0
    }
}
