// Floating point numbers as text and back.

interface FloatUtil {
    // The shortest text that reads back as the same number.
    char[] floatToString(float value)

    // With so many digits after the point (0 to 15), rounded half away from zero.
    char[] fixed(float value, int digits)

    // Exception of kind "cast" if the text is not one decimal number.
    float floatFromString(char text[])

    float sqrt(float value)
}
