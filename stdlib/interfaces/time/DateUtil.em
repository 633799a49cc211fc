// What can be said of two moments, and their text.

uses time.DateTime

interface DateUtil {
    bool before(DateTime first, DateTime second)
    bool after(DateTime first, DateTime second)
    bool equal(DateTime first, DateTime second)

    // How long it is from one to the other, whichever is first: field by field, where a field that
    // would be negative borrows from the next larger one, a month being as long as the one before
    // the month of the later moment (30 days where that is none).
    DateTime diff(DateTime first, DateTime second)

    // Days, hours and what is smaller in milliseconds; months and years do not count.
    int toMilliseconds(DateTime length)

    // In `format`, which is YYYY-MM-DD HH:MN:SS if it is not given, each of YYYY, MM, DD, HH, MN,
    // SS and MIL stands for a field.
    char[] makeString(DateTime moment, opt char format[])
}
