// Division truncates; the one quotient that does not fit wraps; zero faults.
component provides App requires io.Output out {
    char[] divide(int a, int b) {
        try {
            return "$(a / b) $(a % b)"
        } catch (Exception e) {
            return "$(e.kind): $(e.message)"
        }
    }
    char[] divide8(int8 a, int8 b) {
        try {
            return "$(a / b) $(a % b)"
        } catch (Exception e) {
            return e.kind
        }
    }
    char[] divideU(uint64 a, uint64 b) {
        try {
            return "$(a / b) $(a % b)"
        } catch (Exception e) {
            return e.kind
        }
    }
    int App:main(AppParam params[]) {
        out.println(divide(7, 2)) // prints: 3 1
        out.println(divide(-7, 2)) // prints: -3 -1
        out.println(divide(7, -2)) // prints: -3 1
        out.println(divide(-7, -2)) // prints: 3 -1
        out.println(divide(1, 0)) // prints: divide-by-zero: division by zero
        int least = -9223372036854775808
        out.println(divide(least, -1)) // prints: -9223372036854775808 0
        int8 small = -128
        out.println(divide8(small, -1)) // prints: -128 0
        out.println(divide8(100, 7)) // prints: 14 2
        out.println(divide8(1, 0)) // prints: divide-by-zero
        uint64 most = 0
        most--
        out.println(divideU(most, 10)) // prints: 1844674407370955161 5
        out.println(divideU(most, 0)) // prints: divide-by-zero
        uint32 half = 4000000000
        out.println("$(half / 3) $(half % 7)") // prints: 1333333333 3
        float zero = 0.0
        out.println("$(1.0 / zero) $(-1.0 / zero)") // prints: inf -inf
        return 0
    }
}
