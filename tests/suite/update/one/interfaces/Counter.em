// Counts by name.
interface Counter {
    transfer int32 sum
    transfer Tally tallies[]
    transfer int old
    char[] count(char name[])
}

data Tally {
    char name[]
    int32 seen
}
