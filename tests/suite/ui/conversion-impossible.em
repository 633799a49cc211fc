component provides App {
    int App:main(AppParam params[]) {
        int a = int("12")
        float f = float("1.5")
        bool b = bool(1)
        char c = char("x")
        int ok = int(true) + int('a') + int(2.9)
        return int(params)
    }
}
