component provides Box {
    int Box:volume() {
        return 6
    }
}
