// Integers as text and back.

interface IntUtil {
    char[] intToString(int value)

    // The same, under the name that texts of all kinds of values have.
    char[] makeString(int value)

    // Digits with an optional '-' in front. Anything else, or a number that does not fit:
    // Exception of kind "cast".
    int intFromString(char text[])

    // Would intFromString accept it?
    bool isInt(char text[])

    // Lower-case hexadecimal of the 64 bits, without leading zeros.
    char[] toHex(int value)

    int min(int a, int b)
    int max(int a, int b)
}
