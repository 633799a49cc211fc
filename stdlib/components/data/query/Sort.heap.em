// Heapsort: the same n log n steps for every input, and no second array.

component provides data.query.Sort {
    // Lets the hole sink to the bottom along the larger children, then the value rise: most values
    // belong near the bottom, so this saves half of the comparisons.
    void siftDown(int a[], int root, int size) {
        int value = a[root]
        int hole = root
        int child = 2 * hole + 1
        while (child + 1 < size) {
            if (a[child + 1] > a[child]) child++
            a[hole] = a[child]
            hole = child
            child = 2 * hole + 1
        }
        if (child < size) {
            a[hole] = a[child]
            hole = child
        }
        int parent = (hole - 1) / 2
        while (hole > root && a[parent] < value) {
            a[hole] = a[parent]
            hole = parent
            parent = (hole - 1) / 2
        }
        a[hole] = value
    }

    int[] Sort:sortInts(int values[]) {
        int result[] = clone values
        int size = result.arrayLength
        for (int root = size / 2 - 1; root >= 0; root -= 1) siftDown(result, root, size)
        for (int end = size - 1; end > 0; end -= 1) {
            int top = result[0]
            result[0] = result[end]
            result[end] = top
            siftDown(result, 0, end)
        }
        return result
    }
}
