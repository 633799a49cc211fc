component provides Gear {
    bool Gear:mine(Object object) {
        return implements object
    }
}
