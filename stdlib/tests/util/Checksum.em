// FNV-1a against published values.

component provides App requires util.Checksum checksum, data.IntUtil numbers, io.Output out {
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    int App:main(AppParam params[]) {
        check(numbers.toHex(checksum.fnv("")) == "cbf29ce484222325", "nothing")
        check(numbers.toHex(checksum.fnv("a")) == "af63dc4c8601ec8c", "a")
        check(numbers.toHex(checksum.fnv("foobar")) == "85944171f73967e8", "foobar")
        out.println("ok $checks")
        return 0
    }
}
