// Every hash table against two arrays that are searched from the start.

uses data.Pair

component provides App requires data.adt.HashTable, util.Random, io.Output out {
    const int KEYS = 400

    char values[][] = new char[400][]
    int used = 0
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    char[] keyOf(int number) {
        if (number == 0) return ""
        return number % 2 == 0 ? "key$number" : "$number"
    }

    void verify(HashTable table) {
        check(table.size() == used, "size $(table.size()), not $used")
        Pair all[] = table.toArray()
        check(all.arrayLength == used, "toArray has another length")
        foreach (Pair pair in all) check(table.get(pair.key) == pair.value,
            "toArray has another value")
        for (int i = 0; i < KEYS; i++) {
            char found[] = table.get(keyOf(i))
            check(table.contains(keyOf(i)) == (values[i] !== null), "contains is wrong for $i")
            if (values[i] === null) check(found === null, "$i was never put or is removed")
            else check(found == values[i], "another value for $i")
        }
    }

    void step(HashTable table, Random random, int turn, int keys) {
        int number = random.next(keys)
        if (random.next(5) < 3) {
            char value[] = "value $turn"
            table.put(keyOf(number), value)
            if (values[number] === null) used++
            values[number] = value
        } else {
            check(table.remove(keyOf(number)) == (values[number] !== null),
                "remove is wrong for $number")
            if (values[number] !== null) used -= 1
            values[number] = null
        }
    }

    int App:main(AppParam params[]) {
        HashTable table = new HashTable()
        Random random = new Random(5)
        verify(table)
        for (int i = 0; i < 4000; i++) {
            step(table, random, i, i < 2000 ? KEYS : 30)
            if (i % 500 == 0) verify(table)
        }
        verify(table)
        table.clear()
        values = new char[KEYS][]
        used = 0
        verify(table)
        table.put("", "empty")
        check(table.get("") == "empty", "the empty key does not work")
        out.println("ok $checks")
        return 0
    }
}
