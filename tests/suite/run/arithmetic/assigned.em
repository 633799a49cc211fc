// Assignments and steps as values: evaluated left to right, each place once.
component provides App requires io.Output out {
    int total = 5
    int calls = 0

    int next() {
        calls++
        return calls
    }

    int[] made(int array[]) {
        calls++
        return array
    }

    int App:main(AppParam params[]) {
        int a
        int b = (a = 7) + 1
        out.println("$a $b") // prints: 7 8
        int x = 1
        out.println("$(x + (x = 10) + x)") // prints: 21
        out.println("$(x++ + x++) $x") // prints: 21 12
        out.println("$(x-- - x) $x") // prints: 1 11
        x += (x = 100)
        out.println("$x") // prints: 111
        x = x++
        out.println("$x") // prints: 111
        int array[] = new int[5]
        int i = 0
        array[i++] = i
        array[i++] = 10 * i
        array[i] = i++
        out.println("$(array[0]) $(array[1]) $(array[2]) $i") // prints: 1 20 2 3
        out.println("$(made(array)[next()]++) $(array[2]) $calls") // prints: 2 3 2
        out.println("$((array[3] = array[4] = next())) $(array[3]) $(array[4])") // prints: 3 3 3
        out.println("$((total = total * 2) + total++ + total)") // prints: 31
        char text[]
        if ((text = "abc") == "abc" && text.arrayLength == 3) out.println(text) // prints: abc
        int left = 3
        while ((left = left - 1) != 0) out.println("$left") // prints: 2
        // prints: 1
        int both[] = null
        if ((both = array) === array) out.println("same") // prints: same
        byte small = 255
        out.println("$(small++) $small") // prints: 255 0
        float f = 1.5
        out.println("$(f--) $f") // prints: 1.5 0.5
        bool done = false
        if (!done && (done = true) || done) out.println("$done") // prints: true
        return 0
    }
}
