// SplitMix64: the state counts up by an odd number, and each value is scrambled.

component provides util.Random {
    const int STEP = -7046029254386353131
    const int FIRST = -4658895280553007687
    const int SECOND = -7723592293110705685

    Random:Random(int seed) {
        state = seed
    }

    // Bits shifted in from the left are zero.
    int shiftRight(int value, int bits) {
        return (value >> bits) & ((1 << (64 - bits)) - 1)
    }

    int Random:bits() {
        state += STEP
        int z = state
        z = (z ^ shiftRight(z, 30)) * FIRST
        z = (z ^ shiftRight(z, 27)) * SECOND
        return z ^ shiftRight(z, 31)
    }

    // Draws again where the numbers below 2^62 don't divide evenly by `bound`.
    int Random:next(int bound) {
        if (bound < 1) throw new Exception("bounds", "random number below $bound")
        int range = 1 << 62
        int even = range - range % bound
        int drawn = shiftRight(bits(), 2)
        while (drawn >= even) drawn = shiftRight(bits(), 2)
        return drawn % bound
    }

    float Random:nextFloat() {
        return float(shiftRight(bits(), 11)) / 9007199254740992.0
    }
}
