component provides App requires native Part raw, Part part {
    int own(int a, opt int b) {
        a = 2
        return isset a ? 1 : isset nothing ? 2 : 3
    }
    int App:main(AppParam params[]) {
        part.g()
        part.g(1, 2, 3)
        part.g(b = 1)
        part.g(1, a = 2)
        part.g(1, c = 2)
        own(1, b = "x")
        own(1, b = 2, b = 3)
        return 0
    }
}
