component provides App {
    void nothing() { return 3 }
    int something(int x) {
        if (x > 2) return "text"
        if (x > 1) {
            return
        }
        return x
    }
    int App:main(AppParam params[]) {
        nothing()
        return something(2)
    }
}
