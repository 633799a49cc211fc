// Sorted copies of integer arrays.
//
// Variants and where each is ahead: `insertion` (a few numbers, or nearly sorted ones), `merge`
// (long ascending or descending runs), `quick` (mid-sized, many equal), `heap` (no bad input, no
// second array), `radix` (many numbers in any order).

interface Sort {
    // A new array with the same numbers in ascending order.
    int[] sort(int values[])
}
