// Floats as text, by the host; fixed digits by scaling.

component provides data.FloatUtil requires native host.Float numbers {
    char[] FloatUtil:floatToString(float value) {
        return numbers.toString(value)
    }

    // Scaled values beyond 2^53 have no digits after the point left to round.
    char[] FloatUtil:fixed(float value, int digits) {
        int scale = 1
        for (int i = 0; i < digits; i++) scale *= 10
        bool negative = value < 0.0
        float size = value
        if (negative) size = 0.0 - value
        float scaled = size * float(scale) + 0.5
        if (!(scaled < 9007199254740992.0)) return numbers.toString(value)
        int whole = int(scaled)
        char text[] = "$(whole / scale)"
        if (digits > 0) {
            char rest[] = "$(whole % scale)"
            while (rest.arrayLength < digits) rest = '0' + rest
            text = text + '.' + rest
        }
        if (negative && whole > 0) return '-' + text
        return text
    }

    float FloatUtil:floatFromString(char text[]) {
        try {
            return numbers.parse(text)
        } catch (Exception e) {
            throw new Exception("cast", e.message)
        }
    }

    float FloatUtil:sqrt(float value) {
        return numbers.sqrt(value)
    }
}
