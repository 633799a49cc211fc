// Arrays: zeroed, bounds-checked, nested, of every kind of element.
component provides App requires io.Output out {
    char[] at(int a[], int i) {
        try {
            return "$(a[i])"
        } catch (Exception e) {
            return "$(e.kind): $(e.message)"
        }
    }
    int App:main(AppParam params[]) {
        int a[] = new int[3]
        out.println("$(a[0]) $(a.arrayLength)") // prints: 0 3
        a[2] = 9
        out.println(at(a, 2)) // prints: 9
        out.println(at(a, 3)) // prints: bounds: index 3 is out of bounds for length 3
        out.println(at(a, -1)) // prints: bounds: index -1 is out of bounds for length 3
        out.println(at(null, 0)) // prints: null: a value is null
        int none[] = null
        out.println("$(none.arrayLength)") // prints: 0
        try {
            int minus[] = new int[0 - 1]
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)") // prints: length: array length -1 is negative
        }
        int grid[][] = new int[3][]
        for (int i = 0; i < 3; i++) {
            grid[i] = new int[i + 1]
            grid[i][i] = i * 10
        }
        out.println("$(grid[2][2]) $(grid[1].arrayLength) $(grid[0][0])") // prints: 20 2 0
        char words[][] = new char[][]("one", "two", "three")
        int letters = 0
        foreach (char w[] in words) letters += w.arrayLength
        out.println("$letters $(words[2])") // prints: 11 three
        bool flags[] = new bool[2]
        flags[1] = true
        out.println("$(flags[0]) $(flags[1])") // prints: false true
        float reals[] = new float[](0.5, 1.5)
        out.println("$(reals[0] + reals[1])") // prints: 2.0
        int8 tiny[] = new int8[4]
        tiny[3] = -128
        tiny[3]--
        out.println("$(tiny[3])") // prints: 127
        uint16 wide[] = new uint16[4]
        wide[0]--
        out.println("$(wide[0]) $(wide[1])") // prints: 65535 0
        return 0
    }
}
