// Random numbers from a seed: same seed, same numbers, on every machine. Not for secrets.

interface Random {
    transfer int state

    // Where the seed should differ from run to run, util.Seed has one.
    Random(int seed)

    // 0 to bound - 1, evenly. A bound below 1 is a "bounds" exception.
    int next(int bound)

    // 64 random bits.
    int bits()

    // 0 up to, not including, 1.
    float nextFloat()
}
