// Behind others: one function of each kind.
// proves: new: pure, local: it keeps `first`
// proves: put: sets, local: it keeps `item`
// proves: size: reads, transparent
// proves: get: reads, local: its result may be shared with others
// proves: copy: reads, transparent
uses Items

component provides Shelf {
    Item kept

    Shelf:Shelf(Item first) {
        kept = first
    }
    void Shelf:put(store Item item) {
        kept = item
    }
    int Shelf:size(Item item) {
        return item.count + kept.count
    }
    Item Shelf:get() {
        return kept
    }
    Item Shelf:copy() {
        return new Item(clone kept.name, kept.count)
    }
}
