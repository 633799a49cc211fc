// The tables are made at the first question. Two threads may make them at the same time: both make
// the same, and a table is put in place only when it is complete.

component provides compress.Tables(AdaptEvents) {
    int crcTable[] = null
    int lengthTable[] = null
    int distanceTable[] = null

    int[] Tables:crc() {
        if (crcTable !== null) return crcTable
        int table[] = new int[256]
        for (int i = 0; i < 256; i++) {
            int value = i
            for (int bit = 0; bit < 8; bit++) {
                if ((value & 1) == 1) value = (value >> 1) ^ 0xedb88320
                else value = value >> 1
            }
            table[i] = value
        }
        crcTable = table
        return table
    }

    int[] Tables:lengthSymbols() {
        if (lengthTable !== null) return lengthTable
        int bases[] = lengthBases()
        int table[] = new int[259]
        int symbol = 0
        for (int length = 3; length < 259; length++) {
            while (symbol < 28 && bases[symbol + 1] <= length) symbol++
            table[length] = 257 + symbol
        }
        lengthTable = table
        return table
    }

    int[] Tables:lengthBases() {
        return new int[](3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59,
            67,
            83, 99, 115, 131, 163, 195, 227, 258)
    }

    int[] Tables:lengthExtras() {
        return new int[](0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5,
            5, 5,
            5, 0)
    }

    int[] Tables:distanceSymbols() {
        if (distanceTable !== null) return distanceTable
        int bases[] = distanceBases()
        int table[] = new int[512]
        int symbol = 0
        for (int d = 1; d <= 256; d++) {
            while (bases[symbol + 1] <= d) symbol++
            table[d - 1] = symbol
        }
        for (int i = 2; i < 256; i++) {
            int d = (i << 7) + 1
            while (symbol < 29 && bases[symbol + 1] <= d) symbol++
            table[256 + i] = symbol
        }
        distanceTable = table
        return table
    }

    int[] Tables:distanceBases() {
        return new int[](1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513,
            769,
            1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577)
    }

    int[] Tables:distanceExtras() {
        return new int[](0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10,
            11, 11,
            12, 12, 13, 13)
    }

    void AdaptEvents:active() {
    }

    // Whoever comes next makes the tables again.
    void AdaptEvents:inactive() {
    }
}
