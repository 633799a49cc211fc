// Integers as text and back, at the edges and in between.

component provides App requires data.IntUtil numbers, util.Random, io.Output out {
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    bool refused(char text[]) {
        try {
            numbers.intFromString(text)
        } catch (Exception e) {
            return e.kind == "cast" && !numbers.isInt(text)
        }
        return false
    }

    int App:main(AppParam params[]) {
        Random random = new Random(2)
        check(numbers.intToString(-42) == "-42", "intToString")
        check(numbers.makeString(-42) == "-42", "makeString")
        check(numbers.intFromString("9223372036854775807") == 9223372036854775807, "the largest")
        check(numbers.intFromString("-9223372036854775808") == -9223372036854775808, "the smallest")
        check(numbers.intFromString("007") == 7 && numbers.intFromString("-0") == 0, "zeros")
        check(refused("9223372036854775808") && refused("-9223372036854775809"), "too large")
        check(refused("99999999999999999999999"), "far too large")
        check(refused("") && refused("-") && refused("1a") && refused(" 1") && refused("+1"),
            "no number")
        check(numbers.toHex(0) == "0" && numbers.toHex(255) == "ff", "hexadecimal")
        check(numbers.toHex(-1) == "ffffffffffffffff", "hexadecimal of -1")
        check(numbers.min(-3, 2) == -3 && numbers.max(-3, 2) == 2, "min and max")
        for (int i = 0; i < 500; i++) {
            int value = random.bits() >> random.next(64)
            check(numbers.intFromString(numbers.intToString(value)) == value,
                "there and back: $value")
        }
        out.println("ok $checks")
        return 0
    }
}
