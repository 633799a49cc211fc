// How often the front of a permutation can be reversed, by its first number, until that is 1: the
// most for any permutation of n numbers, and a checksum over all of them.

component provides App requires io.Output out, time.Clock clock, data.IntUtil ints {
    int flips(int order[], int work[]) {
        work.copy(0, order, 0, order.arrayLength)
        int count = 0
        int first = work[0]
        while (first != 0) {
            int low = 0
            int high = first
            while (low < high) {
                int kept = work[low]
                work[low] = work[high]
                work[high] = kept
                low++
                high--
            }
            count++
            first = work[0]
        }
        return count
    }

    // Rotates the first numbers left, more of them each time that a shorter front has come round.
    bool next(int order[], int counts[]) {
        for (int front = 1; front < order.arrayLength; front++) {
            int first = order[0]
            for (int i = 0; i < front; i++) order[i] = order[i + 1]
            order[front] = first
            counts[front]--
            if (counts[front] > 0) return true
            counts[front] = front + 1
        }
        return false
    }

    char[] fannkuch(int n) {
        int order[] = new int[n]
        int work[] = new int[n]
        int counts[] = new int[n]
        for (int i = 0; i < n; i++) {
            order[i] = i
            counts[i] = i + 1
        }
        int most = 0
        int sum = 0
        bool even = true
        bool more = true
        while (more) {
            int count = order[0] == 0 ? 0 : flips(order, work)
            if (count > most) most = count
            if (even) sum += count
            else sum -= count
            even = !even
            more = next(order, counts)
        }
        return "$sum/$most"
    }

    int App:main(AppParam params[]) {
        int n = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            int begin = clock.monotonicUs()
            char result[] = fannkuch(n)
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$result $ns")
        }
        return 0
    }
}
