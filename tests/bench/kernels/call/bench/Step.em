// A leaf: what is left is the call.

component provides bench.Step {
    int Step:step(int x) {
        return x + 1
    }
}
