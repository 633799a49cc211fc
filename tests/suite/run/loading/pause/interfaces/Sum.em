interface Sum {
    int add()
}
