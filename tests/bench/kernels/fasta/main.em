// A file of DNA: one sequence repeated, and two of letters drawn by their frequency, in lines of 60
// after a title each. Prints the file's length and a checksum.

component provides App requires io.Output out, time.Clock clock, data.IntUtil ints {
    const int LINE = 60
    const char ALU[] = "GGCCGGGCGCGGTGGCTCACGCCTGTAATCCCAGCACTTTGGGAGGCCGAGGCGGGCGGATCACCTGAGGTCAGGA"

    char text[]
    int length = 0
    int last = 42

    // At least so much room behind what there is.
    void reserve(int more) {
        if (length + more <= text.arrayLength) return
        char larger[] = new char[2 * length + more]
        larger.copy(0, text, 0, length)
        text = larger
    }

    void append(char piece[]) {
        reserve(piece.arrayLength)
        text.copy(length, piece, 0, piece.arrayLength)
        length += piece.arrayLength
    }

    float random() {
        last = (last * 3877 + 29573) % 139968
        return float(last) / 139968.0
    }

    void repeated(char title[], int n) {
        append(title)
        reserve(n + n / LINE + 1)
        int at = 0
        for (int i = 0; i < n; i++) {
            text[length] = ALU[at]
            length++
            at++
            if (at == ALU.arrayLength) at = 0
            if (i % LINE == LINE - 1 || i == n - 1) {
                text[length] = '\n'
                length++
            }
        }
    }

    char drawn(char letters[], float chances[]) {
        float r = random()
        int i = 0
        while (r >= chances[i]) i++
        return letters[i]
    }

    // `shares` are the letters' frequencies; the last one gets what is missing to 1.
    void randomLetters(char title[], char letters[], float shares[], int n) {
        float chances[] = clone shares
        for (int i = 1; i < chances.arrayLength; i++) chances[i] += chances[i - 1]
        chances[chances.arrayLength - 1] = 1.0
        append(title)
        reserve(n + n / LINE + 1)
        for (int i = 0; i < n; i++) {
            text[length] = drawn(letters, chances)
            length++
            if (i % LINE == LINE - 1 || i == n - 1) {
                text[length] = '\n'
                length++
            }
        }
    }

    void file(int n) {
        text = new char[0]
        length = 0
        last = 42
        repeated(">ONE Homo sapiens alu\n", 2 * n)
        randomLetters(">TWO IUB ambiguity codes\n", "acgtBDHKMNRSVWY",
            new float[](0.27, 0.12, 0.12, 0.27, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02,
                0.02, 0.02, 0.02), 3 * n)
        randomLetters(">THREE Homo sapiens frequency\n", "acgt",
            new float[](0.3029549426680, 0.1979883004921, 0.1975473066391, 0.3015094502008), 5 * n)
    }

    int checksum() {
        int hash = 0
        for (int i = 0; i < length; i++) hash = (hash * 31 + text[i]) % 1000003
        return hash
    }

    int App:main(AppParam params[]) {
        int n = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            int begin = clock.monotonicUs()
            file(n)
            int hash = checksum()
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$length/$hash $ns")
        }
        return 0
    }
}
