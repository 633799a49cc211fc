// Initial values in order, with those before them; an object is made when its field is first read.
component provides App requires io.Output out, Counter {
    const int LENGTH = 3
    static int SIZE = LENGTH + 1
    int size = SIZE * 2
    int table[] = new int[size]
    int rows[][] = new int[size][2]
    int same[] = table
    Counter counter = new Counter()
    Object other = new Counter()

    int App:main(AppParam params[]) {
        same[7] = 5
        out.println("$size $(table.arrayLength) $(table[7]) $(rows[7].arrayLength)") // prints: 8 8 5 2
        out.println("$(counter.next()) $(counter.next())") // prints: 42 43
        out.println("$(counter === counter) $(counter === other) $(other hastype Counter)") // prints: true false true
        return 0
    }
}
