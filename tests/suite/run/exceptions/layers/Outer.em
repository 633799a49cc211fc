component provides Outer requires Inner inner {
    int Outer:divide(int a, int b) {
        return inner.divide(a, b) + 1
    }

    int Outer:risky(int depth) {
        if (depth == 0) {
            inner.fail("mine", "at the bottom")
        }
        try {
            return deeper(depth - 1)
        } catch (Exception e) {
            if (depth == 3) {
                throw new Exception("wrapped", "$(e.kind) and $(e.message)")
            }
            throw e
        }
    }

    int deeper(int depth) {
        return risky(depth) + 1
    }
}
