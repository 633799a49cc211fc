component provides App requires shapes.Half:fast half {
    int helper(opt int x) { return x }
    int App:main(AppParam params[]) {
        shapes.Half h = half
        return half.twice(2)
    }
}
