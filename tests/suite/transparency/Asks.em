// What a function rests on, of the components that stand behind its requirements.
// proves: new: pure, transparent
// proves: lends: reads, transparent
// proves: lendsToKeep: sets, local: it lends `item` to Shelf.put
// proves: lendsOwn: sets, transparent
// proves: givesFresh: reads, transparent
// proves: givesShared: reads, local: its result may come from Shelf.get
// proves: givesLent: sets, local: it lends its result to Shelf.put
// proves: inAContainer: sets, local: it lends `item` to Shelf.put
// proves: makes: pure, local: it lends `item` to new Shelf
// proves: prints: changes, local: it calls io.Output.println
// proves: asksPure: pure, transparent
uses Items

component provides Asks requires Shelf, io.Output out, data.StringUtil su {
    Shelf shelf

    int Asks:lends(Item item) {
        return shelf.size(item)
    }
    void Asks:lendsToKeep(Item item) {
        shelf.put(item.next)
    }
    void Asks:lendsOwn() {
        shelf.put(new Item())
    }
    Item Asks:givesFresh() {
        return shelf.copy()
    }
    Item Asks:givesShared() {
        return shelf.get().next
    }
    Item Asks:givesLent() {
        Item item = new Item()
        shelf.put(item)
        return item
    }
    int Asks:inAContainer(Item item) {
        Item container = new Item("", 1, item)
        shelf.put(container)
        return 1
    }
    void Asks:makes(Item item) {
        Shelf other = new Shelf(item)
    }
    void Asks:prints(char text[]) {
        out.println(text)
    }
    char[] Asks:asksPure(char text[]) {
        return su.uppercase(text)
    }
}
