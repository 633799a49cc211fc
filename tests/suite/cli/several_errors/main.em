component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        out.printn("x")
        undefined = 3
        int a = true
        return b
    }
}
