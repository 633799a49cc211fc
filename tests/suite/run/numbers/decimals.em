// Exact decimals in Em: literals take the type, other numbers are converted by name.
component provides App requires io.Output out {
    const dec TAX = 0.19
    const dec DOUBLE = TAX * 2

    dec total = 100

    dec gross(dec net) {
        return net + net * TAX
    }

    int App:main(AppParam params[]) {
        // prints: 119.0 0.38
        out.println("$(gross(total)) $DOUBLE")
        int n = 3
        // prints: 33.333333333333333333333333333 3
        out.println("$(total / dec(n)) $(int(dec(10) / dec(n)))")
        // prints: 1.1 true 2.75
        out.println("$(dec(1.1)) $(dec(1.1) + 2.2 == dec(3.3)) $(float(dec(2.75)))")
        dec sum = 0
        for (int i = 0; i < 10; i++) {
            sum += 0.1
        }
        // prints: 1.0 true false
        out.println("$sum $(sum == 1) $(sum != 1.0)")
        try {
            out.println("$(sum / (sum - 1))")
        } catch (Exception e) {
            // prints: divide-by-zero
            out.println(e.kind)
        }
        dec large = 79228162514264337593543950335.0
        try {
            large = large * 10
        } catch (Exception e) {
            // prints: overflow
            out.println(e.kind)
        }
        dec[] all = new dec[](1.5, 2, 2.50)
        // prints: 4.0 0.5 -1.5
        out.println("$(all[0] + all[2]) $(all[2] % all[1]) $(-all[0])")
        return 0
    }
}
