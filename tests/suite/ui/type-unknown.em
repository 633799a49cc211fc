component provides App {
    int App:main(AppParam params[]) {
        Strnig a = null
        Point p = null
        string s = null
        return 0
    }
}
