// Arrays that are constants: the same array each time, of which nobody owns the cells.
component provides App requires io.Output out {
    const byte MAGIC[] = new byte[](0x50, 0x4b, 3, HIGH)
    const byte HIGH = 200
    const int BOTH[] = new int[](TABLE, -1, 1 << 40)
    const int TABLE[] = new int[](7, 8)
    const char NAME[] = new char[]("ab", 'c')
    const bool FLAGS[] = new bool[](true, false)
    const float HALVES[] = new float[](0.5, 1.5)
    const int16 SMALL[] = new int16[](-2, 3)
    const uint32 ZEROS[] = new uint32[3]

    int App:main(AppParam params[]) {
        out.println("$(MAGIC.arrayLength) $(MAGIC[1]) $(MAGIC[3]) $(MAGIC === MAGIC)") // prints: 4 75 200 true
        out.println("$(BOTH[0]) $(BOTH[2]) $(BOTH[3]) $(BOTH.arrayLength)") // prints: 7 -1 1099511627776 4
        out.println("$NAME $(FLAGS[0]) $(FLAGS[1]) $(HALVES[1]) $(SMALL[0]) $(SMALL[1])") // prints: abc true false 1.5 -2 3
        out.println("$(ZEROS.arrayLength) $(ZEROS == new uint32[3])") // prints: 3 true
        int total = 0
        for (int i = 0; i < 1000; i++) total += TABLE[i & 1]
        out.println("$total") // prints: 7500
        int copy[] = clone TABLE
        copy[0] = 1
        try {
            int same[] = TABLE
            same[0] = 1
        } catch (Exception e) {
            out.println("$(e.kind) $(TABLE[0]) $(copy[0])") // prints: read-only 7 1
        }
        return 0
    }
}
