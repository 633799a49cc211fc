// Radix sort, eleven bits at a time from the lowest. Only as many passes as the span between the
// smallest and the largest number needs, so many small numbers in any order are sorted in linear
// time; a few numbers pay for the counting table.

component provides data.query.Sort {
    const int BITS = 11
    const int SIZE = 2048
    const int MASK = 2047

    // One stable pass on the digit at `shift` of the distance from `low`, an unsigned number: the
    // last digit has fewer bits than the others, and copies of the highest bit fill it up, which
    // leaves the order as it is.
    void pass(int source[], int target[], int low, int shift, int table[]) {
        for (int i = 0; i < SIZE; i++) table[i] = 0
        int count = source.arrayLength
        for (int i = 0; i < count; i++) table[((source[i] - low) >> shift) & MASK]++
        int sum = 0
        for (int i = 0; i < SIZE; i++) {
            int here = table[i]
            table[i] = sum
            sum += here
        }
        for (int i = 0; i < count; i++) {
            int value = source[i]
            int digit = ((value - low) >> shift) & MASK
            int at = table[digit]
            table[digit] = at + 1
            target[at] = value
        }
    }

    int[] Sort:sortInts(int values[]) {
        int count = values.arrayLength
        int result[] = clone values
        if (count < 2) return result
        int low = values[0]
        int high = values[0]
        bool ordered = true
        int before = low
        for (int i = 1; i < count; i++) {
            int value = values[i]
            if (value < low) low = value
            if (value > high) high = value
            if (value < before) ordered = false
            before = value
        }
        if (ordered) return result
        int span = high - low
        int other[] = new int[count]
        int table[] = new int[SIZE]
        int shift = 0
        while (shift < 64 && (shift == 0 || span < 0 || (span >> shift) > 0)) {
            pass(result, other, low, shift, table)
            int swap[] = result
            result = other
            other = swap
            shift += BITS
        }
        return result
    }
}
