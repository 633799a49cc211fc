// Every integer type wraps at its own width.
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        int8 a = 127
        a++
        out.println("$a") // prints: -128
        a--
        out.println("$a") // prints: 127
        int16 b = -32768
        b--
        out.println("$b") // prints: 32767
        int32 c = 2147483647
        c += 2
        out.println("$c") // prints: -2147483647
        int d = 9223372036854775807
        d++
        out.println("$d") // prints: -9223372036854775808
        int64 e = 9223372036854775807
        e *= 2
        out.println("$e") // prints: -2
        uint8 f = 0
        f--
        out.println("$f") // prints: 255
        uint16 g = 65535
        g += 3
        out.println("$g") // prints: 2
        uint32 h = 0
        h--
        out.println("$h") // prints: 4294967295
        uint64 i = 0
        i--
        out.println("$i") // prints: 18446744073709551615
        byte j = 250
        j += 10
        out.println("$j") // prints: 4
        char k = 'z'
        k++
        out.println("$k $(int(k))") // prints: { 123
        int8 m = -128
        m = -m
        out.println("$m") // prints: -128
        int n = -9223372036854775808
        out.println("$(-n) $(n * -1)") // prints: -9223372036854775808 -9223372036854775808
        return 0
    }
}
