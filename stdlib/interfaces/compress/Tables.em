// The fixed tables of gzip (RFC 1951, 1952), for compressors. They are for reading only.

interface Tables {
    // What a byte changes in a CRC-32 register.
    int[] crc()

    // The symbol (257 to 285) of each match length 3 to 258.
    int[] lengthSymbols()

    // By symbol - 257: the length it stands for, and how many extra bits say how much more.
    int[] lengthBases()
    int[] lengthExtras()

    // The symbol (0 to 29) of a distance d: at d - 1 if d is at most 256, else at
    // 256 + ((d - 1) >> 7).
    int[] distanceSymbols()

    // By symbol, as for lengths.
    int[] distanceBases()
    int[] distanceExtras()
}
