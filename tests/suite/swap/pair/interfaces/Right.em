interface Right {
    int version()
}
