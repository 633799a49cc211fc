// gzip of the host.

interface Zlib {
    // One complete gzip member. `level` 1 (fast) to 9 (small); others are clamped.
    char[] gzip(char data[], int level)

    // The content of all members of `data`. Damaged, truncated, with rubbish behind the last member
    // or longer than `max` bytes: Exception of kind "io".
    char[] gunzip(char data[], int max)
}
