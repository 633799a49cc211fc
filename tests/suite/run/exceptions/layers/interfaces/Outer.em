interface Outer {
    int divide(int a, int b)
    int risky(int depth)
}
