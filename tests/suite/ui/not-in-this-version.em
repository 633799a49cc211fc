component provides App requires shapes.Half:fast half {
    static int count = 1
    int helper(opt int x) { return count }
    int App:main(AppParam params[]) {
        shapes.Half h = half
        return half.twice(2)
    }
}
