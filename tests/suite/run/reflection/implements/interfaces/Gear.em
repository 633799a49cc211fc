interface Gear {
    bool mine(Object object)
}
