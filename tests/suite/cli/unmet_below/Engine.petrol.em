component provides Engine requires Fuel fuel {
    int Engine:start() {
        return fuel.burn()
    }
}
