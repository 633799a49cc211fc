component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        out.println("a" "b")
        int x = = 3
        return 0
    }
}
