component provides Cat requires Animal {
    int Cat:lives() { return 9 }
}
