component provides App {
    int sign(int x) {
        if (x > 0) return 1
        else if (x < 0) return -1
    }
    int forever() {
        while (true) { }
    }
    int sometimes(int x) {
        while (true) {
            if (x > 3) break
        }
    }
    int caught() {
        try { return sign(1) } catch (Exception e) { }
    }
    int App:main(AppParam params[]) {
        throw new Exception("kind", "message")
    }
}
