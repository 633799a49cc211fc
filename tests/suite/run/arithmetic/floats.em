// Floats are IEEE 754 binary64 and print as the shortest text that reads back.
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        float a = 0.1
        float b = 0.2
        out.println("$(a + b)") // prints: 0.30000000000000004
        out.println("$(1.5 * 2.0) $(7.0 / 4.0) $(-a)") // prints: 3.0 1.75 -0.1
        float zero = 0.0
        float nan = zero / zero
        out.println("$(nan == nan) $(nan != nan) $(nan < 1.0) $(nan >= 1.0)") // prints: false true false false
        out.println("$(0.0 == -zero) $nan") // prints: true NaN
        out.println("$(1e21) $(1e-7)") // prints: 1e21 1e-7
        out.println("$(123456789.125)") // prints: 123456789.125
        float sum = 0.0
        for (int i = 0; i < 10; i++) sum += 0.1
        out.println("$sum $(sum == 1.0)") // prints: 0.9999999999999999 false
        return 0
    }
}
