// Floats as text and back.

component provides App requires data.FloatUtil numbers, io.Output out {
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    bool refused(char text[]) {
        try {
            numbers.floatFromString(text)
        } catch (Exception e) {
            return e.kind == "cast"
        }
        return false
    }

    int App:main(AppParam params[]) {
        check(numbers.floatToString(1.5) == "1.5", "floatToString")
        check(numbers.floatFromString("-0.25") == 0.0 - 0.25, "floatFromString")
        check(numbers.floatFromString(numbers.floatToString(0.1)) == 0.1, "there and back")
        check(numbers.fixed(3.14159, 2) == "3.14", "fixed")
        check(numbers.fixed(0.0 - 2.5, 0) == "-3", "fixed rounds away from zero")
        check(numbers.fixed(0.05, 1) == "0.1" && numbers.fixed(7.0, 3) == "7.000", "fixed fills up")
        check(numbers.fixed(0.0 - 0.001, 1) == "0.0", "no minus before nothing")
        check(numbers.sqrt(6.25) == 2.5, "sqrt")
        check(refused("") && refused("x") && refused("1.5x"), "no number")
        out.println("ok $checks")
        return 0
    }
}
