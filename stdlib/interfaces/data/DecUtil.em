// Decimals as text and back.

interface DecUtil {
    // As `makeString` without a number of places.
    char[] decToString(dec i)

    // Digits with an optional '-' in front and an optional point among them. Anything else:
    // Exception of kind "cast". Digits that a `dec` has no room for behind the point count as 0.
    dec decFromString(char s[])

    // All digits, without zeros at the end of the fraction, but at least one digit of it; or so
    // many digits behind the point (0 to 28), rounded half away from zero.
    char[] makeString(dec i, opt uint64 decimalPlaces)
}
