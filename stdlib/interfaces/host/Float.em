// The parts of floating point that need more than an instruction.

interface Float {
    // Shortest text that reads back as the same number: "1.5", "0.1", "1e300", "inf", "NaN".
    char[] toString(float value)

    // Exception of kind "io" if the whole text is not one decimal number.
    float parse(char text[])

    float sqrt(float value)
}
