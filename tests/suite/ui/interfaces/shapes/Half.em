interface Half {
    int twice(int value)
}
