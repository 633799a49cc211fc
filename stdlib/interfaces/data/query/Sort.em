// Sorted copies of arrays: of integers, and of data by one of their fields.
//
// Variants and where each is ahead for integers: `insertion` (a few numbers, or nearly sorted
// ones), `merge` (long ascending or descending runs), `quick` (mid-sized, many equal), `heap` (no
// bad input, no second array), `radix` (many numbers in any order).

interface Sort {
    // A new array with the same numbers in ascending order.
    int[] sortInts(int values[])

    // A new array of the same type with the same items, by a field that holds a number or a text;
    // descending unless `ascending` is true. Items with equal fields stay in order.
    Data[] sort(Data list[], TypeField field, opt bool ascending) {
        int count = list.arrayLength
        Dynamic keys[] = new Dynamic[count]
        int order[] = new int[count]
        int other[] = new int[count]
        for (int i = 0; i < count; i++) {
            keys[i] = list[i]:.field
            order[i] = i
        }
        // Neighbours of one, two, four ... items are merged until one is left.
        for (int width = 1; width < count; width = width * 2) {
            for (int low = 0; low < count; low += 2 * width) {
                int middle = low + width < count ? low + width : count
                int high = middle + width < count ? middle + width : count
                int left = low
                int right = middle
                for (int at = low; at < high; at++) {
                    bool isRight = left == middle
                    if (!isRight && right < high) {
                        Dynamic a = keys[order[left]]
                        Dynamic b = keys[order[right]]
                        isRight = ascending ? b < a : b > a
                    }
                    other[at] = isRight ? order[right] : order[left]
                    if (isRight) right++ else left++
                }
            }
            int swapped[] = order
            order = other
            other = swapped
        }
        if (list === null) return null
        Data result[] = clone list
        for (int i = 0; i < count; i++) result[i] = list[order[i]]
        return result
    }
}
