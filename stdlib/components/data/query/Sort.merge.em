// Natural merge sort: ascending and descending runs are taken as they are, short ones are filled up
// by insertion, and neighbours are merged until one run is left. Sorted input costs one pass.

component provides data.query.Sort {
    const int SHORTEST = 16

    // Puts a[low, high) in order, of which a[low, sorted) is in order already.
    void insertion(int a[], int low, int sorted, int high) {
        for (int i = sorted; i < high; i++) {
            int value = a[i]
            int hole = i
            while (hole > low && a[hole - 1] > value) {
                a[hole] = a[hole - 1]
                hole -= 1
            }
            a[hole] = value
        }
    }

    void reverse(int a[], int low, int high) {
        int left = low
        int right = high - 1
        while (left < right) {
            int value = a[left]
            a[left] = a[right]
            a[right] = value
            left++
            right -= 1
        }
    }

    // The end of the run that begins at `low`, ascending when this returns.
    int run(int a[], int low) {
        int count = a.arrayLength
        int end = low + 1
        if (end < count && a[end] < a[low]) {
            while (end < count && a[end] < a[end - 1]) end++
            reverse(a, low, end)
        } else {
            while (end < count && a[end] >= a[end - 1]) end++
        }
        if (end - low < SHORTEST && end < count) {
            int full = low + SHORTEST
            if (full > count) full = count
            insertion(a, low, end, full)
            end = full
        }
        return end
    }

    // Merges source[low, mid) and source[mid, high) into the same places of the target.
    void merge(int source[], int target[], int low, int mid, int high) {
        if (source[mid - 1] <= source[mid]) {
            target.copy(low, source, low, high - low)
            return
        }
        int left = low
        int right = mid
        int at = low
        while (left < mid && right < high) {
            int x = source[left]
            int y = source[right]
            if (x <= y) {
                target[at] = x
                left++
            } else {
                target[at] = y
                right++
            }
            at++
        }
        target.copy(at, source, left, mid - left)
        target.copy(at + mid - left, source, right, high - right)
    }

    // The ends of all runs of `a`, in order.
    int[] runs(int a[]) {
        int ends[] = new int[16]
        int count = 0
        int low = 0
        while (low < a.arrayLength) {
            low = run(a, low)
            if (count == ends.arrayLength) ends = new int[](ends, new int[count])
            ends[count] = low
            count++
        }
        return ends.slice(0, count)
    }

    int[] Sort:sortInts(int values[]) {
        int result[] = clone values
        if (result.arrayLength < 2) return result
        int ends[] = runs(result)
        int count = ends.arrayLength
        int other[] = result
        if (count > 1) other = new int[result.arrayLength]
        while (count > 1) {
            int low = 0
            int merged = 0
            for (int i = 0; i < count; i += 2) {
                int high = ends[i]
                if (i + 1 < count) {
                    high = ends[i + 1]
                    merge(result, other, low, ends[i], high)
                } else {
                    other.copy(low, result, low, high - low)
                }
                ends[merged] = high
                merged++
                low = high
            }
            count = merged
            int swap[] = result
            result = other
            other = swap
        }
        return result
    }
}
