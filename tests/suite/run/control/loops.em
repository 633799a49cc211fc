// for, while, foreach, break, continue, and blocks in each other.
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        char text[] = ""
        for (int i = 0; i < 10; i++) {
            if (i == 2) continue
            if (i == 6) break
            text += "$i"
        }
        out.println(text) // prints: 01345
        int n = 27
        int steps = 0
        while (n != 1) {
            n = n % 2 == 0 ? n / 2 : 3 * n + 1
            steps++
        }
        out.println("$steps") // prints: 111
        int found = -1
        for (int i = 1; found < 0; i++) {
            for (int j = 1; j < i; j++) {
                if (i * j == 42) {
                    found = i * 100 + j
                    break
                }
            }
        }
        out.println("$found") // prints: 706
        int numbers[] = new int[](4, 8, 15, 16, 23, 42)
        int total = 0
        foreach (int x in numbers) {
            if (x % 2 == 1) continue
            total += x
            if (x == 16) break
        }
        out.println("$total") // prints: 28
        foreach (int x in null_array()) total += x
        out.println("$total") // prints: 28
        while (true) {
            total--
            if (total < 0) break
        }
        out.println("$total") // prints: -1
        int k = 0
        for (k = 10; k > 0; k -= 3) { }
        out.println("$k") // prints: -2
        return 0
    }
    int[] null_array() {
        return null
    }
}
