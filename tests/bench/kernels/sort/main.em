// Sorts n numbers with the library's sort. Prints a checksum of the order.

component provides App requires
        data.query.Sort sort, io.Output out, time.Clock clock, data.IntUtil ints {
    int[] numbers(int n) {
        int values[] = new int[n]
        int last = 42
        for (int i = 0; i < n; i++) {
            last = (last * 3877 + 29573) % 139968
            values[i] = last
        }
        return values
    }

    int checksum(int values[]) {
        int hash = 0
        foreach (int value in values) hash = (hash * 31 + value) % 1000003
        return hash
    }

    int App:main(AppParam params[]) {
        int n = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            int begin = clock.monotonicUs()
            int hash = checksum(sort.sortInts(numbers(n)))
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$hash $ns")
        }
        return 0
    }
}
