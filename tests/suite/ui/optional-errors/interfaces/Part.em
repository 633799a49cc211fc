interface Part {
    void f(opt int a, int b)
    int g(int a, opt int b)
}
