component provides Part {
    int Part:g(int a, int b) { return a }
    int Part:h(opt int a) { return a }
}
