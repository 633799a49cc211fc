component provides App requires io.Output out {
    void nothing() { }
    int App:main(AppParam params[]) {
        int a = nothing()
        void b
        a = 1 + nothing()
        out.println(out.println("x"))
        return a
    }
}
