interface Part {
    int g(int a, opt int b)
    int h(int a)
}
