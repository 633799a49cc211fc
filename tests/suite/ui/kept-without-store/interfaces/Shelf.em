data Item { int size }

interface Shelf {
    transfer Item last
    transfer Item all[]
    transfer char name[]
    void put(Item item)
    void again(Item item)
    void add(store Item item)
    void label(char text[])
}
