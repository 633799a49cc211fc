// The date, in UTC.

uses time.DateTime

interface Calendar {
    DateTime getTime()

    // Milliseconds within the running second.
    int getMS()
}
