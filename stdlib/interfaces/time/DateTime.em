// A moment of a calendar, or, as a difference of two, a length of time.

data DateTime {
    uint16 year
    byte month              // 1 to 12 in a moment
    byte day                // from 1 in a moment
    byte hour
    byte minute
    byte second
    uint16 millisecond
}
