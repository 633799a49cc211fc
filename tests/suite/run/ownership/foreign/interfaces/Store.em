data Item { int value  Item next }

interface Store {
    void put(store Item item)
    int total()
    char[] poke(Item item, int values[])
    Item make(int value)
}
