// Days are counted in years that begin in March, so that a leap day is the last of its year.

component provides http.Dates {
    const int DAY = 86400
    const int SHIFT = 719468        // days from 1 March of year 0 to 1970
    const int ERA = 146097          // days of 400 years

    char[] two(int value) {
        char text[] = new char[2]
        text[0] = char(48 + value / 10)
        text[1] = char(48 + value % 10)
        return text
    }

    char[] four(int value) {
        return new char[](two(value / 100), two(value % 100))
    }

    char[] Dates:format(int milliseconds) {
        int seconds = milliseconds / 1000
        int days = seconds / DAY
        int rest = seconds % DAY
        int shifted = days + SHIFT
        int era = shifted / ERA
        int dayOfEra = shifted % ERA
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146096) / 365
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        int m = (5 * dayOfYear + 2) / 153
        int day = dayOfYear - (153 * m + 2) / 5 + 1
        int month = m < 10 ? m + 2 : m - 10            // 0 is January
        int year = yearOfEra + era * 400
        if (month < 2) year++
        char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec"
        char weekdays[] = "ThuFriSatSunMonTueWed"
        int w = days % 7
        return new char[](weekdays.slice(3 * w, 3 * w + 3), ", ", two(day), " ",
            names.slice(3 * month, 3 * month + 3), " ", four(year), " ", two(rest / 3600), ":",
            two(rest / 60 % 60), ":", two(rest % 60), " GMT")
    }

    // The number of `count` digits at `start`; -1 if they are not digits.
    int digits(char text[], int start, int count) {
        int value = 0
        for (int i = start; i < start + count; i++) {
            if (text[i] < '0' || text[i] > '9') return -1
            value = value * 10 + int(text[i]) - 48
        }
        return value
    }

    int monthOf(char text[]) {
        char names[] = "JanFebMarAprMayJunJulAugSepOctNovDec"
        for (int i = 0; i < 12; i++) {
            if (names.slice(3 * i, 3 * i + 3) == text) return i
        }
        return -1
    }

    // Reading is right exactly when writing the result gives the same text again.
    int Dates:parse(char text[]) {
        if (text.arrayLength != 29) return -1
        int day = digits(text, 5, 2)
        int month = monthOf(text.slice(8, 11))
        int year = digits(text, 12, 4)
        int hour = digits(text, 17, 2)
        int minute = digits(text, 20, 2)
        int second = digits(text, 23, 2)
        if (day < 1 || month < 0 || year < 1970 || hour < 0 || minute < 0 || second < 0) return -1
        int y = month < 2 ? year - 1 : year
        int m = month < 2 ? month + 10 : month - 2
        int era = y / 400
        int yearOfEra = y % 400
        int dayOfYear = (153 * m + 2) / 5 + day - 1
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        int days = era * ERA + dayOfEra - SHIFT
        int seconds = days * DAY + hour * 3600 + minute * 60 + second
        if (format(seconds * 1000) != text) return -1
        return seconds
    }
}
