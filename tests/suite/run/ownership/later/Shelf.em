component provides Shelf {
    void keep(Item item) { last = item }

    void Shelf:look(Item item) {
        Thread t = asynch::keep(item)
        t.join()
    }

    void Shelf:put(store Item item) {
        Thread t = asynch::keep(item)
        t.join()
    }
}
