// Decimals as text and back, by hand.

component provides App requires data.DecUtil du, io.Output out {
    void same(char found[], char expected[]) {
        if (found != expected) throw new Exception("test", "$found instead of $expected")
    }

    void back(char text[], dec expected) {
        dec found = du.decFromString(text)
        if (found != expected) throw new Exception("test", "$text became $found")
    }

    void wrong(char text[]) {
        try {
            dec none = du.decFromString(text)
        } catch (Exception e) {
            same(e.kind, "cast")
            return
        }
        throw new Exception("test", "\"$text\" is no number")
    }

    int App:main(AppParam params[]) {
        same(du.decToString(2.980), "2.98")
        same(du.makeString(-0.005), "-0.005")
        same(du.makeString(7.0), "7.0")
        same(du.makeString(2.345, decimalPlaces = 2), "2.35")
        same(du.makeString(-2.345, decimalPlaces = 2), "-2.35")
        same(du.makeString(2.5, decimalPlaces = 0), "3")
        same(du.makeString(9.99, decimalPlaces = 1), "10.0")
        same(du.makeString(1.5, decimalPlaces = 4), "1.5000")
        same(du.makeString(-0.001, decimalPlaces = 2), "0.00")
        back("0", 0.0)
        back("-12.50", -12.5)
        back("12.", 12.0)
        back(".5", 0.5)
        back("0.0000000000000000000000000001", 0.0000000000000000000000000001)
        back("79228162514264337593543950335", 79228162514264337593543950335.0)
        wrong("")
        wrong("-")
        wrong(".")
        wrong("1.2.3")
        wrong("1e3")
        wrong(" 1")
        out.println("ok")
        return 0
    }
}
