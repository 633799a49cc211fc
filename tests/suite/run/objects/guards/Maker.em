component provides Maker requires Guard {
    Guard Maker:make(char name[]) {
        return new Guard(name)
    }
}
