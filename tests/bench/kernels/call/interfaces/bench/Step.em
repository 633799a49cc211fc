// As little as a function can do.

interface Step {
    // `x` and one more.
    int step(int x)
}
