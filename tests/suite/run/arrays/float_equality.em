// Float arrays are equal by value: a zero equals the other zero, and NaN equals nothing.

component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        float zero = 0.0
        float plus[] = new float[](zero, 1.5)
        float minus[] = new float[](-zero, 1.5)
        out.println("$(plus == minus)")     // prints: true
        float nan[] = new float[](zero / zero)
        out.println("$(nan == nan)")        // prints: false
        out.println("$(plus == nan)")       // prints: false
        return 0
    }
}
