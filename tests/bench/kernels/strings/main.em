// A text of n lines, put together piece by piece. Prints its length and a checksum of some bytes.

component provides App requires io.Output out, time.Clock clock, data.IntUtil ints {
    char[] build(int n) {
        char text[] = ""
        for (int i = 0; i < n; i++) {
            text += "item $i: $(i * i % 1000)\n"
        }
        return text
    }

    int checksum(char text[]) {
        int hash = 0
        for (int i = 0; i < text.arrayLength; i += 97) hash = (hash * 31 + text[i]) % 1000003
        return hash
    }

    int App:main(AppParam params[]) {
        int n = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            int begin = clock.monotonicUs()
            char text[] = build(n)
            int hash = checksum(text)
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$(text.arrayLength)/$hash $ns")
        }
        return 0
    }
}
