uses Items

interface Shelf {
    Shelf(Item first)
    void put(store Item item)
    int size(Item item)
    Item get()
    Item copy()
}
