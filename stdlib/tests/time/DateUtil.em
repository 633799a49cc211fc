// Moments, the time between them, and the calendar against days that are counted by hand.

uses time.DateTime

component provides App requires time.DateUtil dates, time.Calendar calendar, time.Clock clock,
        io.Output out {
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    void differ(DateTime a, DateTime b, char wanted[]) {
        char format[] = "YYYY MM DD HH MN SS MIL"
        char found[] = dates.makeString(dates.diff(a, b), format)
        check(found == wanted, "the difference is $found, not $wanted")
        found = dates.makeString(dates.diff(b, a), format)
        check(found == wanted, "the other way round it is $found")
    }

    // The day after one, by the lengths of the months.
    DateTime dayAfter(DateTime day) {
        int year = int(day.year)
        int lengths[] = new int[](31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
        if (year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) lengths[1] = 29
        if (int(day.day) < lengths[int(day.month) - 1]) {
            return new DateTime(day.year, day.month, byte(int(day.day) + 1))
        }
        if (day.month < 12) return new DateTime(day.year, byte(int(day.month) + 1), 1)
        return new DateTime(uint16(year + 1), 1, 1)
    }

    int App:main(AppParam params[]) {
        DateTime early = new DateTime(2016, 2, 28, 23, 59, 59, 999)
        DateTime late = new DateTime(2016, 2, 29)
        check(dates.before(early, late) && dates.after(late, early), "the order is wrong")
        check(!dates.before(late, late) && dates.equal(late, new DateTime(2016, 2, 29)),
            "a moment is not at the same time as itself")
        differ(early, late, "0000 00 00 00 00 00 001")
        differ(new DateTime(2016, 1, 31), new DateTime(2015, 12, 1), "0000 01 30 00 00 00 000")
        differ(new DateTime(2015, 2, 27, 1), new DateTime(2016, 3, 1), "0001 00 02 23 00 00 000")
        differ(new DateTime(0, 0, 2, 13, 39, 49, 400), new DateTime(0, 0, 1, 13, 39, 49, 500),
            "0000 00 00 23 59 59 900")
        check(dates.makeString(early) == "2016-02-28 23:59:59", "the text is wrong")
        check(dates.toMilliseconds(new DateTime(9, 9, 1, 1, 1, 1, 1)) == 90061001,
            "milliseconds are wrong")
        DateTime day = new DateTime(1970, 1, 1)
        int days = clock.nowMs() / 86400000
        for (int i = 0; i < days; i++) day = dayAfter(day)
        DateTime now = calendar.getTime()
        DateTime today = new DateTime(now.year, now.month, now.day)
        // Midnight may have passed meanwhile.
        check(dates.equal(day, today) || dates.equal(dayAfter(day), today), "today is another day")
        check(calendar.getMS() < 1000 && now.hour < 24, "there is no such time")
        out.println("ok $checks")
        return 0
    }
}
