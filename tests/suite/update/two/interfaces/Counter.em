// Counts by name: the sum is wider, tallies have more in them, and something has gone.
interface Counter {
    transfer Tally tallies[]
    transfer int sum
    transfer char greeting[]
    char[] count(char name[])
}

data Tally {
    int seen
    char name[]
    int last
}
