// The smallest thing to call.
interface Step {
    int step(int x)
}
