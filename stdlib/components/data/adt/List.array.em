// A list in one array with room to grow: by position at once, at the end nearly so; in front of
// others all of them move.

uses data.Entry

component provides data.adt.List(AdaptEvents) {
    Entry cells[] = new Entry[8]
    int used = 0

    void check(int position, int bound) {
        if (position < 0 || position >= bound) {
            throw new Exception("bounds", "position $position of a list of $used")
        }
    }

    void makeRoom() {
        if (used < cells.arrayLength) return
        Entry larger[] = new Entry[cells.arrayLength * 2 + 8]
        larger.copy(0, cells, 0, used)
        cells = larger
    }

    void List:add(store Entry entry) {
        makeRoom()
        cells[used] = entry
        used++
    }

    void List:insert(int position, store Entry entry) {
        check(position, used + 1)
        makeRoom()
        cells.copy(position + 1, cells, position, used - position)
        cells[position] = entry
        used++
    }

    Entry List:get(int position) {
        check(position, used)
        return cells[position]
    }

    void List:set(int position, store Entry entry) {
        check(position, used)
        cells[position] = entry
    }

    Entry List:remove(int position) {
        check(position, used)
        Entry entry = cells[position]
        cells.copy(position, cells, position + 1, used - position - 1)
        used -= 1
        cells[used] = null
        return entry
    }

    int List:indexOf(int key) {
        for (int i = 0; i < used; i++) {
            if (cells[i].key == key) return i
        }
        return -1
    }

    int List:length() {
        return used
    }

    void List:clear() {
        cells = new Entry[8]
        used = 0
    }

    Entry[] List:toArray() {
        return cells.slice(0, used)
    }

    void AdaptEvents:active() {
        if (items === null) return
        cells = clone items
        used = cells.arrayLength
        items = null
    }

    void AdaptEvents:inactive() {
        items = toArray()
    }
}
