// What may happen to an argument.
// proves: new: pure, transparent
// proves: reads: pure, transparent
// proves: writes: changes, local: it writes to `item`
// proves: writesInside: changes, local: it writes to `item`
// proves: keeps: sets, local: it keeps `item`
// proves: keepsPart: changes, local: it keeps `items`
// proves: keepsCopy: changes, transparent
// proves: keepsShallow: sets, local: it keeps `item`
// proves: gives: pure, local: it gives `item` back
// proves: givesPart: pure, local: it gives `item` back
// proves: givesInside: pure, local: it gives `item` back
// proves: givesCopy: pure, transparent
// proves: givesText: pure, transparent
// proves: changesOwn: pure, transparent
// proves: throws: pure, local: it throws `e`
// proves: locks: pure, local: it locks `item`
// proves: starts: changes, local: it keeps `item`
// proves: byHelper: sets, local: it keeps `item`
// proves: readByHelper: pure, transparent
// proves: throughRecursion: pure, local: it gives `item` back
// proves: throughReflection: pure, local: it gives `item` back
// proves: same: pure, transparent
// proves: length: reads, transparent
uses Items

component provides Arguments {
    Item kept
    Item all[]

    void put(Item item) {
        kept = item
    }
    Item pass(Item item) {
        return item
    }
    void background(Item item) { }

    int Arguments:reads(Item item) {
        return item.count + item.name.arrayLength + item.next.count
    }
    void Arguments:writes(Item item) {
        Item other = item
        other.count = 1
    }
    void Arguments:writesInside(Item item) {
        item.next.name = "x"
    }
    void Arguments:keeps(store Item item) {
        kept = item
    }
    void Arguments:keepsPart(Item items[]) {
        for (int i = 0; i < items.arrayLength; i++) {
            all = new Item[](all, items[i])
        }
    }
    void Arguments:keepsCopy(Item item) {
        kept = new Item(clone item.name, item.count)
    }
    void Arguments:keepsShallow(Item item) {
        kept = clone item
    }
    Item Arguments:gives(Item item) {
        return item
    }
    Item Arguments:givesPart(Item item) {
        Item last = item
        while (last.next !== null) last = last.next
        return last
    }
    Item[] Arguments:givesInside(Item item) {
        return new Item[](new Item(), item)
    }
    Item Arguments:givesCopy(Item item) {
        Item copy = new Item()
        copy.count = item.count
        copy.name = clone item.name
        return copy
    }
    char[] Arguments:givesText(char text[]) {
        return "<$text>"
    }
    char[] Arguments:changesOwn(char text[]) {
        text = clone text
        text[0] = 'x'
        return text
    }
    void Arguments:throws(Item item, Exception e) {
        if (item === null) throw e
    }
    void Arguments:locks(Item item) {
        mutex(item) { }
    }
    void Arguments:starts(Item item) {
        asynch::background(item)
    }
    void Arguments:byHelper(Item item) {
        put(item)
    }
    void Arguments:readByHelper(Item item) {
        Item same = pass(item)
        Item own = pass(new Item())
        own.count = same.count
    }
    Item Arguments:throughRecursion(Item item, int depth) {
        if (depth == 0) return item
        return throughRecursion(item, depth - 1)
    }
    Item Arguments:throughReflection(Item item) {
        Item found = item:.2
        return found
    }
    bool Arguments:same(Item a, Item b) {
        return a === b
    }
    int Arguments:length(Item item) {
        int n
        foreach (Item one in all) n++
        Item list[]
        list = new Item[](list, item)
        return list.arrayLength
    }
}
