// Quicksort with three parts (less, equal, more), so many equal numbers cost little. The pivot is
// the middle one of three, of nine in large parts; after too many bad pivots a part is sorted by
// heap, so no input is quadratic. Only the smaller part is a recursive call: the stack stays small.

component provides data.query.Sort {
    const int SMALL = 24
    const int LARGE = 200

    void insertion(int a[], int low, int high) {
        for (int i = low + 1; i < high; i++) {
            int value = a[i]
            int hole = i
            while (hole > low && a[hole - 1] > value) {
                a[hole] = a[hole - 1]
                hole -= 1
            }
            a[hole] = value
        }
    }

    int middle(int x, int y, int z) {
        if (x < y) return y < z ? y : (x < z ? z : x)
        return x < z ? x : (y < z ? z : y)
    }

    int pivot(int a[], int low, int high) {
        int size = high - low
        int half = low + size / 2
        if (size < LARGE) return middle(a[low], a[half], a[high - 1])
        int step = size / 8
        int left = middle(a[low], a[low + step], a[low + 2 * step])
        int centre = middle(a[half - step], a[half], a[half + step])
        int right = middle(a[high - 1 - 2 * step], a[high - 1 - step], a[high - 1])
        return middle(left, centre, right)
    }

    void siftDown(int a[], int low, int root, int size) {
        int value = a[low + root]
        int hole = root
        int child = 2 * hole + 1
        while (child < size) {
            if (child + 1 < size && a[low + child + 1] > a[low + child]) child++
            if (a[low + child] <= value) break
            a[low + hole] = a[low + child]
            hole = child
            child = 2 * hole + 1
        }
        a[low + hole] = value
    }

    void heap(int a[], int low, int high) {
        int size = high - low
        for (int root = size / 2 - 1; root >= 0; root -= 1) siftDown(a, low, root, size)
        for (int end = size - 1; end > 0; end -= 1) {
            int top = a[low]
            a[low] = a[low + end]
            a[low + end] = top
            siftDown(a, low, 0, end)
        }
    }

    // In [low, less) is less than the pivot, in [more, high) more, between them equal.
    void part(int a[], int start, int end, int depth) {
        int low = start
        int high = end
        int left = depth
        while (high - low > SMALL) {
            if (left == 0) {
                heap(a, low, high)
                return
            }
            left -= 1
            int p = pivot(a, low, high)
            int less = low
            int more = high
            int i = low
            while (i < more) {
                int value = a[i]
                if (value < p) {
                    a[i] = a[less]
                    a[less] = value
                    less++
                    i++
                } else if (value > p) {
                    more -= 1
                    a[i] = a[more]
                    a[more] = value
                } else {
                    i++
                }
            }
            if (less - low < high - more) {
                part(a, low, less, left)
                low = more
            } else {
                part(a, more, high, left)
                high = less
            }
        }
        insertion(a, low, high)
    }

    int[] Sort:sortInts(int values[]) {
        int result[] = clone values
        int depth = 4
        for (int size = result.arrayLength; size > 0; size = size / 2) depth += 2
        part(result, 0, result.arrayLength, depth)
        return result
    }
}
