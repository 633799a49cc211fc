uses Item

component provides Store requires io.Output out {
    Item first = null

    void Store:put(store Item item) {
        first = new Item(item.value, first)
    }

    int Store:total() {
        int sum = 0
        for (Item i = first; i !== null; i = i.next) sum += i.value
        return sum
    }

    void write(Item item) {
        item.value++
    }

    void fill(int values[]) {
        values[0] = 5
    }

    char[] Store:poke(Item item, int values[]) {
        char result[] = ""
        try {
            write(item)
            result += "written"
        } catch (Exception e) {
            result += "$(e.kind): $(e.message)"
        }
        try {
            fill(values)
        } catch (Exception e) {
            result += ", $(e.kind)"
        }
        try {
            values.copy(0, values, 1, 1)
        } catch (Exception e) {
            result += ", $(e.kind)"
        }
        return result
    }

    Item Store:make(int value) {
        return new Item(value, null)
    }
}
