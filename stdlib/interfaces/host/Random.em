// Randomness of the world of this isolate: same seed, same numbers.

interface Random {
    // 64 random bits, so half of the results are negative.
    int next()
}
