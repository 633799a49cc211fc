// Parses a JSON text of n records to values, and walks over them: how many, the sum of all numbers,
// and the length of all texts.

uses json.Value

component provides App requires
        json.Parser parser, io.Output out, time.Clock clock, data.IntUtil ints,
        data.FloatUtil floats {
    int values = 0
    float sum = 0.0
    int bytes = 0

    char[] record(int i) {
        char active[] = i % 2 == 0 ? "true" : "false"
        return "{\"id\": $i, \"name\": \"item \\\"$i\\\"\", \"price\": $(i % 100).25, "
            + "\"tags\": [\"red\", \"green\", \"blue\"], \"active\": $active, \"parent\": null}"
    }

    char[] document(int n) {
        char text[] = "["
        for (int i = 0; i < n; i++) {
            if (i > 0) text += ",\n"
            text += record(i)
        }
        return text + "]"
    }

    void walk(Value value) {
        values++
        if (value.kind == Value.NUMBER) sum += value.number
        bytes += value.text.arrayLength
        foreach (Value item in value.items) walk(item)
    }

    int App:main(AppParam params[]) {
        char text[] = document(ints.intFromString(params[0].string))
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            values = 0
            sum = 0.0
            bytes = 0
            int begin = clock.monotonicUs()
            walk(parser.parse(text))
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$values/$(floats.fixed(sum, 2))/$bytes $ns")
        }
        return 0
    }
}
