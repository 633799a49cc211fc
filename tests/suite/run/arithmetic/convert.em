// Conversions: narrowing wraps, floats saturate, NaN is 0.
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        out.println("$(int8(300)) $(uint8(-1)) $(int16(70000))") // prints: 44 255 4464
        out.println("$(int32(4294967295)) $(uint32(-1))") // prints: -1 4294967295
        out.println("$(char(65)) $(int('A')) $(byte(513))") // prints: A 65 1
        out.println("$(int(2.99)) $(int(-2.99))") // prints: 2 -2
        float huge = 1e300
        out.println("$(int(huge))") // prints: 9223372036854775807
        out.println("$(int(-huge))") // prints: -9223372036854775808
        float zero = 0.0
        out.println("$(int(zero / zero))") // prints: 0
        out.println("$(float(7) / 2.0)") // prints: 3.5
        int8 narrow = -3
        int wide = narrow
        out.println("$(wide * 2) $(float(wide))") // prints: -6 -3.0
        int same = 0
        for (int i = -300; i < 300; i++) if (int(int16(i)) == i) same++
        out.println("$same") // prints: 600
        return 0
    }
}
