component provides bench.Step {
    int Step:step(int x) {
        return x + 1
    }
}
