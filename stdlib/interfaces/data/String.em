// A string as a record, so that there are arrays of strings.

data String {
    char string[]
}
