// Arrays of fixed length: a place is never null, holds its own cells, and ends in zeros.
component provides App requires io.Output out {
    const int SIZE = 4
    const char WORD[6] = "half"
    const int TABLE[SIZE] = new int[](3, -4)
    byte state[SIZE]
    static int shared[2]
    char named[8] = "first"

    int sum(int values[]) {
        int total = 0
        foreach (int value in values) total += value
        return total
    }

    int App:main(AppParam params[]) {
        int numbers[8]
        numbers[7] = 92
        out.println("$(numbers.arrayLength) $(numbers[7]) $(numbers[0]) $(sum(numbers))") // prints: 8 92 0 92
        char able[10]
        char cable[] = "hable"
        able = cable
        out.println("$(able == "hable") $(able == "hable!") $(able.arrayLength)") // prints: true false 10
        able = "ham"
        out.println("$(able == "ham") $("ham" != able) $(able[3] == '\0')") // prints: true false true
        cable = able
        able = "other"
        out.println("$(cable.arrayLength) $(cable == able)") // prints: 10 false
        able = null
        out.println("$(able == "") $(able.arrayLength) $(able == null)") // prints: true 10 true
        out.println("$(WORD.arrayLength) $(WORD[3]) $(WORD == "half")") // prints: 6 f true
        out.println("$(TABLE.arrayLength) $(TABLE[1]) $(TABLE[3])") // prints: 4 -4 0
        state[3] = 7
        shared[0] = 5
        out.println("$(state.arrayLength) $(state[3]) $(shared[0]) $(shared.arrayLength)") // prints: 4 7 5 2
        out.println("$(named == "first") $(named.arrayLength)") // prints: true 8
        for (int i = 0; i < 2; i++) {
            int fresh[3]
            fresh[i]++
            out.println("$(fresh[0]) $(fresh[1])") // prints: 1 0
            // prints: 0 1
        }
        float floats[2] = new float[](0.5)
        out.println("$(floats[0]) $(floats[1]) $(floats == new float[](0.5, 0.0))") // prints: 0.5 0.0 true
        try {
            state = new byte[5]
        } catch (Exception e) {
            out.println("$(e.kind) $(state[3])") // prints: bounds 7
        }
        return 0
    }
}
