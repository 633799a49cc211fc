uses Box
component provides LoudHorn {
    char[] LoudHorn:sound() { return "TOOT" }
    int LoudHorn:volume() { return 11 }
}
