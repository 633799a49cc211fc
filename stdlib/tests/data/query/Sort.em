// Every sort against what sorting means: same numbers, ascending, argument untouched.

uses data.query.Group

component provides App requires data.query.Sort sort, util.Random, io.Output out {
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    // For every order of the same numbers the same.
    int fingerprint(int values[]) {
        int sum = 0
        foreach (int value in values) sum += (value ^ 0x5bd1e995) * (value | 1) + value * 31
        return sum
    }

    void verify(int values[], char what[]) {
        int before[] = clone values
        int result[] = sort.sortInts(values)
        int size = values.arrayLength
        check(values == before, "$what: the argument was changed")
        check(result.arrayLength == size, "$what: $size numbers became $(result.arrayLength)")
        for (int i = 1; i < size; i++) {
            if (result[i - 1] > result[i]) {
                throw new Exception("test", "$what: not ascending at $i of $size")
            }
        }
        check(fingerprint(result) == fingerprint(values), "$what: other numbers than before")
    }

    int[] drawn(Random random, int size, int bound) {
        int values[] = new int[size]
        for (int i = 0; i < size; i++) values[i] = random.next(bound)
        return values
    }

    // Organ pipes, saw teeth and other patterns that are hard for one sort or another.
    int[] pattern(int kind, int size) {
        int values[] = new int[size]
        for (int i = 0; i < size; i++) {
            if (kind == 0) values[i] = i
            if (kind == 1) values[i] = size - i
            if (kind == 2) values[i] = i < size / 2 ? i : size - i
            if (kind == 3) values[i] = i % 17
            if (kind == 4) values[i] = (i * 7919) % size
            if (kind == 5) values[i] = 5
            if (kind == 6) values[i] = i % 2 == 0 ? i : -i
            if (kind == 7) values[i] = i < size - 3 ? i : -1
        }
        return values
    }

    void extremes() {
        int low = -9223372036854775808
        int high = -1 - low
        verify(new int[](high, 0, low, -1, 1, low, high, 0), "extremes")
        int values[] = new int[300]
        for (int i = 0; i < 300; i++) values[i] = i % 3 == 0 ? low + i : (i % 3 == 1 ?
            high - i : i - 150)
        verify(values, "many extremes")
    }

    char[] names(Field items[]) {
        char all[] = ""
        foreach (Field item in items) all += item.name
        return all
    }

    // By field: the same items, those with equal fields in their order, in an array of their type.
    void byField() {
        Field items[] = new Field[](new Field(null, "c", 3), new Field(null, "a", 1))
        items = new Field[](items, new Field(null, "d", 0), new Field(null, "b", 1))
        check(names(Field[](sort.sort(items, Field.[flags], true))) == "dabc", "ascending")
        check(names(Field[](sort.sort(items, Field.[flags], false))) == "cabd", "descending")
        check(names(Field[](sort.sort(items, Field.[flags]))) == "cabd", "descending unless told")
        check(names(Field[](sort.sort(items, Field.[name], true))) == "abcd", "by text")
        check(names(items) == "cadb", "the argument was changed")
        check(sort.sort(null, Field.[flags], true) === null, "null")
        check(sort.sort(new Field[0], Field.[flags], true).arrayLength == 0, "no items")
        for (int size = 2; size < 40; size++) {
            Type many[] = new Type[size]
            for (int i = 0; i < size; i++) many[i] = new Type(size = (i * 7) % 5 - 2)
            Type sorted[] = Type[](sort.sort(many, Type.[size], true))
            for (int i = 1; i < size; i++) {
                check(sorted[i - 1].size <= sorted[i].size, "$size items")
            }
        }
        try {
            Group groups[] = new Group[](new Group(items), new Group())
            Data wrong[] = sort.sort(groups, Group.[cells], true)
            check(false, "arrays of records have no order")
        } catch (Exception e) {
            check(e.kind == "cast", e.kind)
        }
    }

    int App:main(AppParam params[]) {
        byField()
        Random random = new Random(11)
        verify(new int[0], "nothing")
        verify(new int[](7), "one")
        verify(new int[](2, 1), "two")
        for (int size = 2; size < 140; size++) {
            verify(drawn(random, size, 1000), "random")
            verify(drawn(random, size, 3), "few different")
        }
        for (int kind = 0; kind < 8; kind++) {
            verify(pattern(kind, 31), "pattern $kind")
            verify(pattern(kind, 256), "pattern $kind")
            verify(pattern(kind, 1500), "pattern $kind")
        }
        verify(drawn(random, 3000, 1 << 62), "large numbers")
        int wide[] = new int[2500]
        for (int i = 0; i < 2500; i++) wide[i] = random.bits()
        verify(wide, "all bits")
        extremes()
        out.println("ok $checks")
        return 0
    }
}
