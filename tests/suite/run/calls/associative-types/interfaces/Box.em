interface Box {
    int volume()
}
