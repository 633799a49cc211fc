// Sorts arrays again and again, checks every result, and tells how long each sort took.

uses data.String

component provides App requires
        data.query.Sort sort, pal.Perception perception, io.FileSystem files, io.Input input,
        io.Output out, io.ErrorOutput err, time.Clock clock, time.Timer timer,
        data.IntUtil numbers, data.StringUtil strings,
        data.FloatUtil floats {
    const int BATCH = 2000          // numbers to sort at least between two looks at the clock

    int rounds = 0              // 0: as long as `seconds` say
    int seconds = 10
    String paths[] = null
    float micros = 0.0

    char[] configure(AppParam params[]) {
        paths = new String[0]
        int i = 0
        while (i < params.arrayLength) {
            char name[] = params[i].string
            if (name == "--rounds" || name == "--seconds") {
                if (i + 1 == params.arrayLength || !strings.isNumeric(params[i + 1].string)) {
                    return "$name needs a number"
                }
                int value = numbers.intFromString(params[i + 1].string)
                if (name == "--rounds") rounds = value
                else seconds = value
                i += 2
            } else if (strings.startsWith(name, "--")) {
                return "unknown argument $name"
            } else {
                paths = new String[](paths, new String(name))
                i++
            }
        }
        if (paths.arrayLength == 0) paths = defaultPaths()
        return null
    }

    // The files beside this program, seen from the root of the sources or from here.
    String[] defaultPaths() {
        char folder[] = "data"
        if (files.isDirectory("examples/sort/data")) folder = "examples/sort/data"
        String names[] = files.getDirectoryContents(folder)
        String found[] = new String[names.arrayLength]
        for (int i = 0; i < names.arrayLength; i++) {
            char name[] = names[i].string
            found[i] = new String("$folder/$name")
        }
        return found
    }

    char[] readInput() {
        char text[] = ""
        char line[] = input.readln()
        while (line !== null) {
            text = text + line + '\n'
            line = input.readln()
        }
        return text
    }

    // Numbers between anything that is a blank or a line end.
    int[] parse(char text[]) {
        int values[] = new int[text.arrayLength / 2 + 1]
        int count = 0
        int start = 0
        for (int i = 0; i <= text.arrayLength; i++) {
            if (i == text.arrayLength || text[i] == ' ' || text[i] == '\n' || text[i] == '\t' ||
                text[i] == '\r') {
                if (i > start) {
                    values[count] = numbers.intFromString(text.slice(start, i))
                    count++
                }
                start = i + 1
            }
        }
        return values.slice(0, count)
    }

    // How many neighbours are in the wrong order.
    int disorder(int values[]) {
        int wrong = 0
        for (int i = 1; i < values.arrayLength; i++) {
            if (values[i] < values[i - 1]) wrong++
        }
        return wrong
    }

    // The sum is the same for every order of the same numbers.
    int sum(int values[]) {
        int total = 0
        foreach (int value in values) total += value * value + value
        return total
    }

    // Short arrays are sorted several times, or the clock would show nothing.
    int[] sortOnce(int values[]) {
        int times = BATCH / (values.arrayLength + 1) + 1
        int start = clock.monotonicUs()
        int result[] = sort.sortInts(values)
        for (int i = 1; i < times; i++) result = sort.sortInts(values)
        float time = float(clock.monotonicUs() - start) / float(times)
        micros += time
        perception.addMetric("sort_time_us", time, false)
        perception.addEvent("size", float(values.arrayLength))
        perception.addEvent("disorder",
            float(100 * disorder(values)) / float(values.arrayLength + 1))
        return result
    }

    // 0, or 1 if a result was wrong.
    int work(char name[], int values[]) {
        int expected = sum(values)
        int end = clock.monotonicUs() + seconds * 1000000
        int done = 0
        micros = 0.0
        while (rounds > 0 ? done < rounds : clock.monotonicUs() < end) {
            int result[] = sortOnce(values)
            if (result.arrayLength != values.arrayLength || sum(result) != expected ||
                disorder(result) != 0) {
                err.println("sort: the result for $name is not in order")
                return 1
            }
            done++
            timer.sleepUs(0)
        }
        char mean[] = done == 0 ? "0" : floats.fixed(micros / float(done), 2)
        char check[] = numbers.toHex(expected)
        int size = values.arrayLength
        out.println("$name: $size numbers, $done sorts, mean $mean us, checksum $check")
        return 0
    }

    int App:main(AppParam params[]) {
        try {
            char wrong[] = configure(params)
            if (wrong !== null) {
                err.println("sort: $wrong\nusage: sort [--rounds N] [--seconds N] [FILE… | -]")
                return 2
            }
            int failed = 0
            foreach (String path in paths) {
                char text[] = path.string == "-" ? readInput() : files.readFile(path.string)
                failed += work(path.string, parse(text))
            }
            return failed == 0 ? 0 : 1
        } catch (Exception e) {
            err.println("sort: $(e.message)")
            return 1
        }
    }
}
