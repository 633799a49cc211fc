// What every compressor makes is expanded again by the host's zlib, which is not ours.

component provides App requires
        compress.Compressor compressor, util.Random, io.Output out, native host.Zlib zlib {
    const int LARGEST = 16777216

    Random random = null
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    int verify(char content[], char what[]) {
        char result[] = compressor.compress(content)
        int size = content.arrayLength
        if (compressor.encoding() == "identity") {
            check(result === null, "$what: identity made something")
            return size
        }
        check(compressor.encoding() == "gzip", "an encoding that nobody knows")
        check(result !== null, "$what: nothing was made of $size bytes")
        char back[] = zlib.gunzip(result, LARGEST)
        check(back.arrayLength == size, "$what: $size bytes became $(back.arrayLength)")
        check(back == content, "$what: other bytes than before")
        return result.arrayLength
    }

    char[] noise(int size, int bound) {
        char bytes[] = new char[size]
        for (int i = 0; i < size; i++) bytes[i] = char(random.next(bound))
        return bytes
    }

    char[] words(int size) {
        char text[] = new char[size]
        int at = 0
        while (at < size) {
            char word[] = "word$(random.next(random.next(200) + 1)) "
            int length = word.arrayLength < size - at ? word.arrayLength : size - at
            text.copy(at, word, 0, length)
            at += length
        }
        return text
    }

    // Pieces of what came before, from near and far, with noise between them.
    char[] echoes(int size) {
        char bytes[] = noise(size, 256)
        int at = 300
        while (at < size) {
            int length = random.next(400) + 1
            if (length > size - at) length = size - at
            int back = random.next(at) + 1
            for (int i = 0; i < length; i++) bytes[at + i] = bytes[at + i - back]
            at += length + random.next(12)
        }
        return bytes
    }

    // Symbols so uneven that an unlimited Huffman code would be deeper than deflate allows.
    char[] uneven(int size) {
        char bytes[] = new char[size]
        int at = 0
        int count = 1
        int before = 1
        int symbol = 33
        while (at < size) {
            for (int i = 0; i < count && at < size; i++) {
                bytes[at] = char(symbol)
                at++
            }
            int next = count + before
            before = count
            count = next
            symbol++
        }
        for (int i = size - 1; i > 0; i -= 1) {
            int other = random.next(i + 1)
            char kept = bytes[i]
            bytes[i] = bytes[other]
            bytes[other] = kept
        }
        return bytes
    }

    // The same bytes twice, just within and just beyond the reach of a match.
    void windows() {
        char bytes[] = noise(64, 256)
        for (int gap = 32764; gap < 32774; gap++) {
            verify(new char[](bytes, new char[gap - 64], bytes), "again after $gap")
        }
    }

    int App:main(AppParam params[]) {
        random = new Random(17)
        verify(new char[0], "nothing")
        verify("a", "one byte")
        verify("aaaaaaaaaaaaaaaaaaaaaaaaaa", "one letter")
        verify(new char[100000], "zeros")
        for (int size = 0; size < 70; size++) {
            verify(noise(size, 4), "short")
            verify(noise(size, 256), "short noise")
        }
        for (int i = 0; i < 12; i++) {
            verify(noise(random.next(5000), 256), "noise")
            verify(noise(random.next(5000), 1 + random.next(20)), "few symbols")
            verify(words(random.next(20000)), "words")
            verify(echoes(300 + random.next(20000)), "echoes")
        }
        windows()
        verify(noise(150000, 256), "much noise")
        verify(echoes(200000), "far echoes")
        verify(uneven(120000), "uneven")
        int size = verify(words(200000), "many words")
        check(compressor.encoding() == "identity" || size < 90000,
            "$size bytes for 200000 of words")
        out.println("ok $checks")
        return 0
    }
}
