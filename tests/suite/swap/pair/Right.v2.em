component provides Right {
    int Right:version() {
        return 2
    }
}
