// Strings: fixed cases, and explode against implode for random ones.

uses data.String

component provides App requires data.StringUtil strings, util.Random, io.Output out {
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    void finding() {
        check(strings.find("hello", "l", 0) == 2 && strings.find("hello", "l", 3) == 3, "find")
        check(strings.find("hello", "lo", -5) == 3, "find from before the beginning")
        check(strings.find("hello", "z") == strings.NOT_FOUND, "find nothing")
        check(strings.find("ab", "abc", 0) == strings.NOT_FOUND && strings.find("ab", "", 2) == 2,
            "find at the end")
        check(strings.rfind("hello", "l") == 3, "rfind")
        check(strings.rfind("x", "hello") == strings.NOT_FOUND, "rfind nothing")
        check(strings.contains("aaab", "ab") && !strings.contains("aaa", "b"), "contains")
        check(strings.startsWith("hello", "he") && !strings.startsWith("he", "hello"), "startsWith")
        check(strings.endsWith("hello", "lo") && !strings.endsWith("lo", "hello"), "endsWith")
        check(strings.startsWith("x", "") && strings.endsWith("x", ""),
            "the empty string is everywhere")
    }

    void comparing() {
        check(strings.equalsIgnoreCase("HeLLo-1", "hEllO-1"), "equalsIgnoreCase")
        check(!strings.equalsIgnoreCase("a", "b") && !strings.equalsIgnoreCase("a", "aa"),
            "different")
        check(!strings.equalsIgnoreCase("[", "{"), "only letters have case")
        check(strings.compare("a", "b") < 0 && strings.compare("b", "a") > 0, "compare")
        check(strings.compare("a", "ab") < 0 && strings.compare("ab", "ab") == 0,
            "compare a prefix")
        check(strings.compare("\xff", "a") > 0, "bytes have no sign")
    }

    void making() {
        check(strings.trim(" \t a b \r\n") == "a b" && strings.trim("   ") == "", "trim")
        check(strings.lowercase("AbZ[") == "abz[" && strings.uppercase("aBz{") == "ABZ{", "case")
        check(strings.subString("hello", 1, 3) == "ell" && strings.subString("hello", 3,
            99) == "lo", "subString")
        check(strings.subString("hello", 9, 2) == "" && strings.subString("hello", -1, 3) == "he",
            "outside")
        check(strings.replace("a.b.c", ".", "--") == "a--b--c", "replace")
        check(strings.replace("aaa", "aa", "b") == "ba" && strings.replace("abc", "",
            "x") == "abc", "replace")
        check(strings.isNumeric("0123") && !strings.isNumeric("") && !strings.isNumeric("-1"),
            "isNumeric")
    }

    void parts() {
        String found[] = strings.explode("a,,b", ",")
        check(found.arrayLength == 3 && found[1].string == "" && found[2].string == "b", "explode")
        check(strings.explode("", ",").arrayLength == 1, "explode nothing")
        check(strings.explode("abc", "").arrayLength == 1, "explode by nothing")
        check(strings.implode(new String[0], ",") == "", "implode nothing")
    }

    void thereAndBack() {
        Random random = new Random(8)
        for (int i = 0; i < 200; i++) {
            char text[] = new char[random.next(40)]
            for (int j = 0; j < text.arrayLength; j++) text[j] = char(97 + random.next(3))
            char separator[] = random.next(2) == 0 ? "b" : "ab"
            String found[] = strings.explode(text, separator)
            check(strings.implode(found, separator) == text, "explode and implode of $text")
            foreach (String part in found) {
                check(!strings.contains(part.string, separator), "a separator inside a part")
            }
        }
    }

    int App:main(AppParam params[]) {
        finding()
        comparing()
        making()
        parts()
        thereAndBack()
        out.println("ok $checks")
        return 0
    }
}
