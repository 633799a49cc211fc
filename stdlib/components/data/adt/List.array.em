// A list in one array with room to grow: by position at once, at the end nearly so; in front of
// others all of them move.

component provides data.adt.List(AdaptEvents) {
    Data cells[] = new Data[8]
    int used = 0

    void check(int position, int bound) {
        if (position < 0 || position >= bound) {
            throw new Exception("bounds", "position $position of a list of $used")
        }
    }

    void makeRoom() {
        if (used < cells.arrayLength) return
        Data larger[] = new Data[cells.arrayLength * 2 + 8]
        larger.copy(0, cells, 0, used)
        cells = larger
    }

    void List:add(store Data item) {
        makeRoom()
        cells[used] = item
        used++
    }

    void List:insert(int position, store Data item) {
        check(position, used + 1)
        if (position < iteratorIndex) iteratorIndex++
        makeRoom()
        cells.copy(position + 1, cells, position, used - position)
        cells[position] = item
        used++
    }

    Data List:getIndex(int position) {
        if (position < 0 || position >= used) return null
        return cells[position]
    }

    void List:setIndex(int position, store Data item) {
        check(position, used)
        cells[position] = item
    }

    Data List:removeIndex(int position) {
        check(position, used)
        if (position < iteratorIndex) iteratorIndex--
        Data item = cells[position]
        cells.copy(position, cells, position + 1, used - position - 1)
        used -= 1
        cells[used] = null
        return item
    }

    int List:indexOf(Data item) {
        for (int i = 0; i < used; i++) {
            if (cells[i] === item) return i
        }
        return -1
    }

    int List:getLength() {
        return used
    }

    void List:clear() {
        iteratorIndex = 0
        cells = new Data[8]
        used = 0
    }

    Data[] flat() {
        return cells.slice(0, used)
    }

    Data[] List:getContents(opt Type ofType) {
        if (ofType === null) return flat()
        return new Data[](flat()) from ofType
    }

    void AdaptEvents:active() {
        if (content === null) return
        cells = clone content
        used = cells.arrayLength
        content = null
    }

    void AdaptEvents:inactive() {
        content = flat()
    }
}
