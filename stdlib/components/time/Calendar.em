// From the milliseconds of the isolate's world, by the rules of the Gregorian calendar.

uses time.DateTime

component provides time.Calendar requires native host.Clock clock {
    const int DAY_MS = 86400000
    // Days of 400, 100, 4 years and of one without a 29th of February.
    const int DAYS_400 = 146097
    const int DAYS_100 = 36524
    const int DAYS_4 = 1461
    const int DAYS_1 = 365
    // Days from the first of March of the year 0 to the first of January of 1970.
    const int EPOCH = 719468

    // Years begin in March here, so that the day that is sometimes missing is the last one.
    void setDate(DateTime moment, int days) {
        int left = days + EPOCH
        int era = left / DAYS_400
        left -= era * DAYS_400
        int hundreds = left / DAYS_100
        if (hundreds == 4) hundreds = 3
        left -= hundreds * DAYS_100
        int fours = left / DAYS_4
        left -= fours * DAYS_4
        int ones = left / DAYS_1
        if (ones == 4) ones = 3
        left -= ones * DAYS_1
        // Months from March have 31 30 31 30 31 days, twice and once more in part.
        int month = (5 * left + 2) / 153
        moment.day = byte(left - (153 * month + 2) / 5 + 1)
        moment.month = byte(month < 10 ? month + 3 : month - 9)
        int year = era * 400 + hundreds * 100 + fours * 4 + ones
        moment.year = uint16(month < 10 ? year : year + 1)
    }

    DateTime Calendar:getTime() {
        int now = clock.wallMs()
        int ms = now % DAY_MS
        DateTime moment = new DateTime()
        setDate(moment, now / DAY_MS)
        moment.hour = byte(ms / 3600000)
        moment.minute = byte(ms / 60000 % 60)
        moment.second = byte(ms / 1000 % 60)
        moment.millisecond = uint16(ms % 1000)
        return moment
    }

    int Calendar:getMS() {
        return clock.wallMs() % 1000
    }
}
