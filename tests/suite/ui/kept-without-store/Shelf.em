component provides Shelf requires Shelf next {
    void Shelf:put(Item item) {
        last = item
        all[0] = item
        next.add(item)
        last = clone item
    }

    void Shelf:again(Item item) {
        Item same = item
        last = same
        item = new Item(1)
        last = item
    }

    void Shelf:add(store Item item) { last = item }

    void Shelf:label(char text[]) { name = text }
}
