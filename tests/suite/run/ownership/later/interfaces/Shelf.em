data Item { int size }

interface Shelf {
    transfer Item last
    void look(Item item)
    void put(store Item item)
}
