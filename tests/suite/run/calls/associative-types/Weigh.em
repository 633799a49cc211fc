component provides Weigh {
    int Weigh:weigh(Box b) {
        return 10 * b.volume()
    }
}
