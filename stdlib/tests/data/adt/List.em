// Every list against an array that is shifted by hand.

uses data.String

component provides App requires data.adt.List, util.Random, io.Output out {
    String model[] = new String[0]
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    void modelInsert(int position, String item) {
        model = new String[](model.slice(0, position), item, model.slice(position,
            model.arrayLength))
    }

    void modelRemove(int position) {
        model = new String[](model.slice(0, position), model.slice(position + 1, model.arrayLength))
    }

    void compare(List list) {
        check(list.getLength() == model.arrayLength,
            "length $(list.getLength()), not $(model.arrayLength)")
        Data all[] = list.getContents()
        check(all.arrayLength == model.arrayLength, "getContents has another length")
        for (int i = 0; i < model.arrayLength; i++) {
            check(all[i] === model[i], "getContents differs at $i")
        }
        String typed[] = String[](list.getContents(typeof(String)))
        check(typed.arrayLength == all.arrayLength, "getContents of a type has another length")
    }

    void step(List list, Random random, int number) {
        int size = model.arrayLength
        int action = random.next(10)
        String item = new String("item $number")
        if (action < 3) {
            list.add(item)
            modelInsert(size, item)
        } else if (action < 5) {
            int position = random.next(size + 1)
            list.insert(position, item)
            modelInsert(position, item)
        } else if (size == 0) {
            check(list.indexOf(item) == -1, "an empty list has something")
        } else if (action < 7) {
            int position = random.next(size)
            check(list.removeIndex(position) === model[position], "remove gives another item")
            modelRemove(position)
        } else if (action == 7) {
            int position = random.next(size)
            list.setIndex(position, item)
            model[position] = item
        } else {
            int position = random.next(size)
            check(list.getIndex(position) === model[position], "get gives another item")
            check(list.indexOf(model[position]) == position, "indexOf finds another position")
        }
    }

    bool faults(List list, int action, int position) {
        try {
            if (action == 1) list.setIndex(position, new String(""))
            if (action == 2) list.removeIndex(position)
            if (action == 3) list.insert(position, new String(""))
        } catch (Exception e) {
            return e.kind == "bounds"
        }
        return false
    }

    void ends(List list) {
        int size = list.getLength()
        bool outside = list.getIndex(-1) !== null || list.getIndex(size) !== null
        check(!outside, "there is a place too many")
        for (int action = 1; action < 4; action++) {
            check(faults(list, action, -1), "position -1 is accepted")
            check(faults(list, action, action == 3 ? size + 1 : size),
                "a position behind the end is accepted")
        }
    }

    // Items come and go, and are replaced, while the list is iterated.
    void iterate(List list) {
        check(list.getFirst() === null && list.isEnd(), "an empty list has a first item")
        for (int i = 0; i < 6; i++) list.add(new String("$i"))
        String seen[] = new String[0]
        String item = String(list.getFirst())
        while (item !== null) {
            seen = new String[](seen, item)
            if (item.string == "1" || item.string == "2") list.remove(item)
            if (item.string == "3") list.insert(0, new String("before"))
            if (item.string == "4") list.update(item, new String("other"))
            item = String(list.getNext())
        }
        check(list.isEnd() && seen.arrayLength == 6, "iteration gives $(seen.arrayLength) items")
        for (int i = 0; i < 6; i++) check(seen[i].string == "$i", "iteration goes astray at $i")
        check(list.getLength() == 5 && String(list.getIndex(3)).string == "other",
            "the list has changed otherwise")
        list.remove(new String("5"))
        check(list.getLength() == 5, "an item goes that is not in the list")
        list.clear()
        check(list.getFirst() === null, "a cleared list has a first item")
    }

    int App:main(AppParam params[]) {
        List list = new List()
        Random random = new Random(3)
        iterate(list)
        ends(list)
        for (int i = 0; i < 2500; i++) {
            step(list, random, i)
            if (i % 50 == 0) compare(list)
        }
        compare(list)
        ends(list)
        while (model.arrayLength > 0) {
            int position = random.next(model.arrayLength)
            check(list.removeIndex(position) === model[position], "remove gives another item")
            modelRemove(position)
        }
        compare(list)
        for (int i = 0; i < 700; i++) {
            String item = new String("$i")
            list.insert(0, item)
            modelInsert(0, item)
        }
        compare(list)
        list.clear()
        model = new String[0]
        compare(list)
        out.println("ok $checks")
        return 0
    }
}
