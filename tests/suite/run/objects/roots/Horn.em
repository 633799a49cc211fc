uses Box
component provides Horn {
    char[] Horn:sound() { return "toot" }
}
