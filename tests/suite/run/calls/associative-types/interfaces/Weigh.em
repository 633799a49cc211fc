interface Weigh {
    int weigh(Box b)
}
