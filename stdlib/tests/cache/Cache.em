// What every cache promises: never a wrong value, never more than its capacity, and what it keeps
// is found. How much it keeps is its own business (one keeps nothing).

component provides App requires cache.Cache cache, util.Random, io.Output out {
    const int KEYS = 900
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    char[] valueOf(int number, int version) {
        char value[] = new char[200 + (number * 7919) % 24000]
        value[0] = char(number & 255)
        value[1] = char(version & 255)
        value[value.arrayLength - 1] = char(number >> 8)
        return value
    }

    int App:main(AppParam params[]) {
        Random random = new Random(9)
        int versions[] = new int[KEYS]
        check(cache.size() == 0, "not empty at first")
        check(cache.get("k1") === null, "something in an empty cache")
        int hits = 0
        for (int i = 0; i < 12000; i++) {
            int number = random.next(random.next(KEYS) + 1)
            char key[] = "k$number"
            char found[] = cache.get(key)
            if (found !== null) {
                hits++
                check(found == valueOf(number, versions[number]), "a wrong value for $key")
            }
            if (found === null || i % 37 == 0) {
                versions[number]++
                cache.put(key, valueOf(number, versions[number]))
                found = cache.get(key)
                if (found !== null) check(found == valueOf(number, versions[number]),
                    "an old value for $key")
            }
        }
        int bytes = 0
        int kept = 0
        for (int number = 0; number < KEYS; number++) {
            char found[] = cache.get("k$number")
            if (found !== null) {
                kept++
                bytes += found.arrayLength
                check(found == valueOf(number, versions[number]), "a wrong value for k$number")
            }
        }
        check(bytes <= Cache.CAPACITY, "$bytes bytes are kept")
        check(kept == cache.size(), "$kept entries are found, size says $(cache.size())")
        check(kept == 0 || bytes > Cache.CAPACITY / 2,
            "only $bytes bytes are kept of more than fits")
        check(kept == 0 || hits > 4000, "only $hits hits")
        cache.put("large", new char[Cache.LARGEST + 1])
        check(cache.get("large") === null, "an entry that is too large is kept")
        cache.put("empty", new char[0])
        char empty[] = cache.get("empty")
        check(empty === null || empty.arrayLength == 0, "the empty value became another")
        check((empty === null) == (kept == 0), "the empty value is lost")
        cache.clear()
        check(cache.size() == 0 && cache.get("k1") === null, "not empty after clear")
        cache.put("again", "yes")
        char again[] = cache.get("again")
        check(again === null || again == "yes", "a wrong value after clear")
        out.println("ok $checks")
        return 0
    }
}
