// No memory is an exception; what was reserved before is given back.
component provides App requires io.Output out {
    int fill() {
        int kept[][] = new int[4096][]
        int i = 0
        while (i < 4096) {
            kept[i] = new int[131072]
            i++
        }
        return i
    }
    int App:main(AppParam params[]) {
        try {
            int a[] = new int[1000000000000]
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)") // prints: out-of-memory: no memory for 1000000000000 elements
        }
        try {
            int a[] = new int[9223372036854775807]
        } catch (Exception e) {
            out.println(e.kind) // prints: out-of-memory
        }
        for (int i = 0; i < 3; i++) {
            try {
                fill()
            } catch (Exception e) {
                out.println(e.kind)
            }
        }
        // prints: out-of-memory
        // prints: out-of-memory
        // prints: out-of-memory
        int b[] = new int[1000000]
        out.println("$(b.arrayLength)") // prints: 1000000
        return 0
    }
}
