// Bit operations and shifts at several widths. A shift by the width or more is reduced to it.
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int a = 0xf0f0
        out.println("$(a & 0xff) $(a | 0xf) $(a ^ 0xffff) $(~a)") // prints: 240 61695 3855 -61681
        int one = 1
        out.println("$(one << 62) $(one << 63)") // prints: 4611686018427387904 -9223372036854775808
        out.println("$(-8 >> 1) $(-1 >> 63)") // prints: -4 -1
        uint32 u = 0x80000000
        out.println("$(u >> 31) $(u << 1)") // prints: 1 0
        int32 s = -2147483648
        out.println("$(s >> 31)") // prints: -1
        uint8 b = 0x81
        b <<= 1
        out.println("$b") // prints: 2
        b = ~b
        out.println("$b") // prints: 253
        byte c = 0xf
        c ^= 0xff
        out.println("$c") // prints: 240
        bool t = true
        bool f = false
        out.println("$(t & f) $(t | f) $(t ^ t) $(!f)") // prints: false true false true
        return 0
    }
}
