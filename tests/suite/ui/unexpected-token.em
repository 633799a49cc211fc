component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int a = (1 + 2
        out.println("x",)
        if a > 2 { }
        1 + 2 = 3
        return 0
    }
}
