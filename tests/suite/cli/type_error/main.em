component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int x = "text"
        out.println(x)
        return 0
    }
}
