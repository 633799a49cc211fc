component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        out.println("never closed)
        return 0
    }
}
