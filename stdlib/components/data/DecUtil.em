// Decimals digit by digit, so that nothing is lost on the way.

component provides data.DecUtil {
    const int PLACES_MAX = 28

    char[] DecUtil:decToString(dec i) {
        return "$i"
    }

    void refuse(char s[]) {
        throw new Exception("cast", "not a decimal number: \"$s\"")
    }

    dec DecUtil:decFromString(char s[]) {
        bool isNegative = s.arrayLength > 0 && s[0] == '-'
        dec whole = 0.0
        dec unit = 1.0
        int digits = 0
        int places = -1
        for (int i = isNegative ? 1 : 0; i < s.arrayLength; i++) {
            char c = s[i]
            if (c == '.' && places < 0) {
                places = 0
                continue
            }
            if (c < '0' || c > '9') refuse(s)
            digits++
            dec digit = dec(int(c) - int('0'))
            if (places < 0) {
                whole = whole * 10.0 + digit
            } else if (places < PLACES_MAX) {
                places++
                unit = unit / 10.0
                whole += digit * unit
            }
        }
        if (digits == 0) refuse(s)
        return isNegative ? 0.0 - whole : whole
    }

    // The text of a number that is not negative with so many of its digits behind the point.
    char[] cut(char text[], int places) {
        int point = 0
        while (text[point] != '.') point++
        char whole[] = text.slice(0, point)
        if (places == 0) return whole
        char fraction[] = text.slice(point + 1, text.arrayLength)
        while (fraction.arrayLength < places) fraction = fraction + '0'
        return whole + '.' + fraction.slice(0, places)
    }

    char[] DecUtil:makeString(dec i, opt uint64 decimalPlaces) {
        if (!isset decimalPlaces) return "$i"
        int places = decimalPlaces < 28 ? int(decimalPlaces) : PLACES_MAX
        dec half = 0.5
        for (int n = 0; n < places; n++) half = half / 10.0
        bool isNegative = i < 0.0
        dec size = isNegative ? 0.0 - i : i
        char text[] = cut("$(size + half)", places)
        bool isZero = true
        foreach (char c in text) isZero = isZero && (c == '0' || c == '.')
        return isNegative && !isZero ? '-' + text : text
    }
}
