component provides Counter {
    int at = 100
    int step = 1
    char label[] = null
    int made[] = new int[2]

    Counter:Counter(int start, char name[]) {
        at += start
        label = name
        made[0]++
    }

    int Counter:next() {
        at += step
        return at
    }

    char[] Counter:name() {
        return label + "/$(made[0])"
    }

    Counter Counter:twin() {
        return this_one()
    }

    Counter this_one() {
        return null
    }
}
