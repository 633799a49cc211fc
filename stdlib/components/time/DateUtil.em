// Fields of moments as numbers in a row, the largest first.

uses time.DateTime

component provides time.DateUtil requires data.StringUtil strings {
    const char FORMAT[] = "YYYY-MM-DD HH:MN:SS"

    int[] fields(DateTime of) {
        return new int[](int(of.year), int(of.month), int(of.day), int(of.hour), int(of.minute),
            int(of.second), int(of.millisecond))
    }

    // Negative, 0 or positive, as the first is before, at or after the second.
    int order(DateTime first, DateTime second) {
        int a[] = fields(first)
        int b[] = fields(second)
        for (int i = 0; i < a.arrayLength; i++) {
            if (a[i] != b[i]) return a[i] - b[i]
        }
        return 0
    }

    bool DateUtil:before(DateTime first, DateTime second) {
        return order(first, second) < 0
    }

    bool DateUtil:after(DateTime first, DateTime second) {
        return order(first, second) > 0
    }

    bool DateUtil:equal(DateTime first, DateTime second) {
        return order(first, second) == 0
    }

    // Days of the month before one of a year; 30 for none.
    int daysBefore(int month, int year) {
        if (month < 1 || month > 12) return 30
        bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        if (month == 3) return leap ? 29 : 28
        if (month == 5 || month == 7 || month == 10 || month == 12) return 30
        return 31
    }

    DateTime DateUtil:diff(DateTime first, DateTime second) {
        DateTime early = first
        DateTime late = second
        if (order(first, second) > 0) {
            early = second
            late = first
        }
        int begin[] = fields(early)
        int left[] = fields(late)
        int month = left[1]
        int year = left[0]
        int whole[] = new int[](0, 12, daysBefore(month, year), 24, 60, 60, 1000)
        for (int i = 6; i > 0; i--) {
            left[i] -= begin[i]
            if (left[i] < 0) {
                left[i] += whole[i]
                left[i - 1] -= 1
            }
        }
        left[0] -= begin[0]
        return new DateTime(uint16(left[0]), byte(left[1]), byte(left[2]), byte(left[3]),
            byte(left[4]), byte(left[5]), uint16(left[6]))
    }

    int DateUtil:toMilliseconds(DateTime length) {
        int hours = int(length.day) * 24 + int(length.hour)
        int seconds = (hours * 60 + int(length.minute)) * 60 + int(length.second)
        return seconds * 1000 + int(length.millisecond)
    }

    char[] padded(int value, int width) {
        char text[] = "$value"
        while (text.arrayLength < width) text = "0" + text
        return text
    }

    char[] DateUtil:makeString(DateTime moment, opt char format[]) {
        char text[] = FORMAT
        if (isset format && format !== null) text = format
        text = strings.replace(text, "YYYY", padded(int(moment.year), 4))
        text = strings.replace(text, "MIL", padded(int(moment.millisecond), 3))
        text = strings.replace(text, "MN", padded(int(moment.minute), 2))
        text = strings.replace(text, "MM", padded(int(moment.month), 2))
        text = strings.replace(text, "DD", padded(int(moment.day), 2))
        text = strings.replace(text, "HH", padded(int(moment.hour), 2))
        return strings.replace(text, "SS", padded(int(moment.second), 2))
    }
}
