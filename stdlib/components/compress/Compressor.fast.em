// Greedy LZ77 with one look per position and the fixed code of deflate: quick, and half as good.
//
// Runs of bytes without a match are walked over in growing steps, so incompressible content costs
// little more than its bits.

component provides compress.Compressor requires compress.Tables tables {
    const int WINDOW = 32768
    const int LONGEST = 258
    const int LARGEST = 13          // bits of the table of places

    char[] Compressor:encoding() {
        return "gzip"
    }

    char[] Compressor:label() {
        return "gzip-fast"
    }

    int crc(char content[]) {
        int table[] = tables.crc()
        int value = 0xffffffff
        for (int i = 0; i < content.arrayLength; i++) {
            value = table[(value ^ int(content[i])) & 255] ^ (value >> 8)
        }
        return value ^ 0xffffffff
    }

    int put32(char target[], int at, int value) {
        for (int i = 0; i < 4; i++) target[at + i] = char((value >> (8 * i)) & 255)
        return at + 4
    }

    int reversed(int code, int bits) {
        int result = 0
        for (int i = 0; i < bits; i++) result = result | (((code >> i) & 1) << (bits - 1 - i))
        return result
    }

    // What is written for each literal (0 to 255) and each length (at 256 + length, with its extra
    // bits): the bits, and above bit 32 how many they are.
    int[] fixedCodes() {
        int codes[] = new int[515]
        for (int i = 0; i < 144; i++) codes[i] = reversed(0x30 + i, 8) | (8 << 32)
        for (int i = 144; i < 256; i++) codes[i] = reversed(0x190 + i - 144, 9) | (9 << 32)
        int symbols[] = tables.lengthSymbols()
        int bases[] = tables.lengthBases()
        int extras[] = tables.lengthExtras()
        for (int length = 3; length <= LONGEST; length++) {
            int symbol = symbols[length]
            int bits = symbol < 280 ? 7 : 8
            int code = symbol < 280 ? symbol - 256 : 0xc0 + symbol - 280
            int extra = (length - bases[symbol - 257]) << bits
            int total = bits + extras[symbol - 257]
            codes[256 + length] = reversed(code, bits) | extra | (total << 32)
        }
        return codes
    }

    // The same for the 30 distance symbols, without their extra bits.
    int[] distanceCodes() {
        int codes[] = new int[30]
        for (int i = 0; i < 30; i++) codes[i] = reversed(i, 5)
        return codes
    }

    // How many bytes at `low` and `high` are the same, looking no further than the end.
    int matchLength(char content[], int low, int high) {
        int most = content.arrayLength - high
        if (most > LONGEST) most = LONGEST
        int length = 0
        while (length < most && content[low + length] == content[high + length]) length++
        return length
    }

    // Writes the deflate stream behind the gzip header; returns where it ends. The bits that wait
    // are kept in two locals, because they change with every symbol.
    int deflate(char content[], char target[], int start) {
        int codes[] = fixedCodes()
        int distanceCode[] = distanceCodes()
        int symbols[] = tables.distanceSymbols()
        int bases[] = tables.distanceBases()
        int extras[] = tables.distanceExtras()
        int size = content.arrayLength
        int tableBits = 8
        while (tableBits < LARGEST && (1 << tableBits) < size) tableBits++
        int shift = 32 - tableBits
        int places[] = new int[1 << tableBits]      // place + 1 of the last bytes with a hash
        int at = start
        int bits = 3                                // last block, fixed code
        int count = 3
        int i = 0
        int next = 0                                // the next position that is looked at
        int misses = 0
        while (i < size) {
            int length = 0
            int distance = 0
            if (i == next && i + 4 <= size) {
                int four = int(content[i]) | (int(content[i + 1]) << 8) | (int(content[i +
                    2]) << 16)
                four = four | (int(content[i + 3]) << 24)
                int h = ((four * 2654435761) & 0xffffffff) >> shift
                int place = places[h] - 1
                places[h] = i + 1
                distance = i - place
                if (place >= 0 && distance <= WINDOW) length = matchLength(content, place, i)
            }
            int code = 0
            if (length >= 4) {
                code = codes[256 + length]
                bits = bits | ((code & 0xffffffff) << count)
                count += code >> 32
                int index = distance <= 256 ? distance - 1 : 256 + ((distance - 1) >> 7)
                int symbol = symbols[index]
                int extra = (distance - bases[symbol]) << 5
                bits = bits | ((distanceCode[symbol] | extra) << count)
                count += 5 + extras[symbol]
                i += length
                next = i
                misses = 0
            } else {
                code = codes[int(content[i])]
                bits = bits | ((code & 0xffffffff) << count)
                count += code >> 32
                if (i == next) {
                    misses++
                    next = i + 1 + (misses >> 5)
                }
                i++
            }
            while (count >= 8) {
                target[at] = char(bits & 255)
                at++
                bits = bits >> 8
                count -= 8
            }
        }
        count += 7                                  // end of block: seven zeros
        while (count > 0) {
            target[at] = char(bits & 255)
            at++
            bits = bits >> 8
            count -= 8
        }
        return at
    }

    // A literal takes nine bits at most and a match fewer than the four literals it replaces.
    char[] Compressor:compress(char content[]) {
        int size = content.arrayLength
        char target[] = new char[size + size / 8 + 64]
        char header[] = "\x1f\x8b\x08\0\0\0\0\0\0\xff"
        target.copy(0, header, 0, 10)
        int at = deflate(content, target, 10)
        at = put32(target, at, crc(content))
        at = put32(target, at, size)
        return target.slice(0, at)
    }
}
