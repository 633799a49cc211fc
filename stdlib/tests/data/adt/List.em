// Every list against an array that is shifted by hand.

uses data.Entry

component provides App requires data.adt.List, util.Random, io.Output out {
    Entry model[] = new Entry[0]
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    void modelInsert(int position, Entry entry) {
        model = new Entry[](model.slice(0, position), entry, model.slice(position,
            model.arrayLength))
    }

    void modelRemove(int position) {
        model = new Entry[](model.slice(0, position), model.slice(position + 1, model.arrayLength))
    }

    void compare(List list) {
        check(list.length() == model.arrayLength,
            "length $(list.length()), not $(model.arrayLength)")
        Entry all[] = list.toArray()
        check(all.arrayLength == model.arrayLength, "toArray has another length")
        for (int i = 0; i < model.arrayLength; i++) {
            check(all[i] === model[i], "toArray differs at $i")
        }
    }

    void step(List list, Random random, int number) {
        int size = model.arrayLength
        int action = random.next(10)
        Entry entry = new Entry(number, "entry $number")
        if (action < 3) {
            list.add(entry)
            modelInsert(size, entry)
        } else if (action < 5) {
            int position = random.next(size + 1)
            list.insert(position, entry)
            modelInsert(position, entry)
        } else if (size == 0) {
            check(list.indexOf(number) == -1, "an empty list has something")
        } else if (action < 7) {
            int position = random.next(size)
            check(list.remove(position) === model[position], "remove gives another entry")
            modelRemove(position)
        } else if (action == 7) {
            int position = random.next(size)
            list.set(position, entry)
            model[position] = entry
        } else {
            int position = random.next(size)
            check(list.get(position) === model[position], "get gives another entry")
            check(list.indexOf(model[position].key) == position, "indexOf finds another position")
        }
    }

    bool faults(List list, int action, int position) {
        try {
            if (action == 0) list.get(position)
            if (action == 1) list.set(position, new Entry(0, ""))
            if (action == 2) list.remove(position)
            if (action == 3) list.insert(position, new Entry(0, ""))
        } catch (Exception e) {
            return e.kind == "bounds"
        }
        return false
    }

    void ends(List list) {
        int size = list.length()
        for (int action = 0; action < 4; action++) {
            check(faults(list, action, -1), "position -1 is accepted")
            check(faults(list, action, action == 3 ? size + 1 : size),
                "a position behind the end is accepted")
        }
    }

    int App:main(AppParam params[]) {
        List list = new List()
        Random random = new Random(3)
        ends(list)
        for (int i = 0; i < 2500; i++) {
            step(list, random, i)
            if (i % 50 == 0) compare(list)
        }
        compare(list)
        ends(list)
        while (model.arrayLength > 0) {
            int position = random.next(model.arrayLength)
            check(list.remove(position) === model[position], "remove gives another entry")
            modelRemove(position)
        }
        compare(list)
        for (int i = 0; i < 700; i++) {
            Entry entry = new Entry(i, "")
            list.insert(0, entry)
            modelInsert(0, entry)
        }
        compare(list)
        list.clear()
        model = new Entry[0]
        compare(list)
        out.println("ok $checks")
        return 0
    }
}
