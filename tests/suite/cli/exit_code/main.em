component provides App requires io.Output out, io.ErrorOutput err {
    int App:main(AppParam params[]) {
        out.print("no line end")
        err.println("to stderr")
        return 40 + params.arrayLength
    }
}
