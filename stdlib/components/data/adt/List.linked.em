// A list of nodes linked both ways. Adding and removing cost the same everywhere; finding a
// position walks from the nearest of three: the first node, the last, the one found last.
//
// Nodes are places in three arrays rather than records, so a long list is freed without recursion.

component provides data.adt.List(AdaptEvents) {
    const int NONE = -1

    Data cells[] = new Data[8]
    int next[] = new int[8]
    int previous[] = new int[8]
    int spare = -1              // places that were given back, linked by `next`
    int reached = 0             // places from here on have never been used
    int first = -1
    int last = -1
    int used = 0
    int recent = -1             // the place found last, and its position
    int recentPosition = 0

    void check(int position, int bound) {
        if (position < 0 || position >= bound) {
            throw new Exception("bounds", "position $position of a list of $used")
        }
    }

    void grow() {
        int size = cells.arrayLength
        cells = new Data[](cells, new Data[size])
        next = new int[](next, new int[size])
        previous = new int[](previous, new int[size])
    }

    int take(store Data item) {
        int place = spare
        if (place != NONE) {
            spare = next[place]
        } else {
            if (reached == cells.arrayLength) grow()
            place = reached
            reached++
        }
        cells[place] = item
        return place
    }

    // The place at a position that exists.
    int find(int position) {
        int place = first
        int at = 0
        if (used - 1 - position < position) {
            place = last
            at = used - 1
        }
        if (recent != NONE) {
            int far = position > at ? position - at : at - position
            int near = position > recentPosition ?
                position - recentPosition : recentPosition - position
            if (near < far) {
                place = recent
                at = recentPosition
            }
        }
        while (at < position) {
            place = next[place]
            at++
        }
        while (at > position) {
            place = previous[place]
            at -= 1
        }
        recent = place
        recentPosition = position
        return place
    }

    void List:add(store Data item) {
        int place = take(item)
        previous[place] = last
        next[place] = NONE
        if (last == NONE) first = place
        else next[last] = place
        last = place
        used++
    }

    void List:insert(int position, store Data item) {
        check(position, used + 1)
        if (position < iteratorIndex) iteratorIndex++
        if (position == used) {
            add(item)
            return
        }
        int behind = find(position)
        int before = previous[behind]
        int place = take(item)
        next[place] = behind
        previous[place] = before
        previous[behind] = place
        if (before == NONE) first = place
        else next[before] = place
        used++
        recent = place
    }

    Data List:getIndex(int position) {
        if (position < 0 || position >= used) return null
        return cells[find(position)]
    }

    void List:setIndex(int position, store Data item) {
        check(position, used)
        cells[find(position)] = item
    }

    Data List:removeIndex(int position) {
        check(position, used)
        if (position < iteratorIndex) iteratorIndex--
        int place = find(position)
        Data item = cells[place]
        int before = previous[place]
        int behind = next[place]
        if (before == NONE) first = behind
        else next[before] = behind
        if (behind == NONE) last = before
        else previous[behind] = before
        cells[place] = null
        next[place] = spare
        spare = place
        used -= 1
        recent = behind
        recentPosition = position
        return item
    }

    int List:indexOf(Data item) {
        int position = 0
        int place = first
        while (place != NONE) {
            if (cells[place] === item) return position
            place = next[place]
            position++
        }
        return -1
    }

    int List:getLength() {
        return used
    }

    void List:clear() {
        iteratorIndex = 0
        cells = new Data[8]
        next = new int[8]
        previous = new int[8]
        spare = NONE
        reached = 0
        first = NONE
        last = NONE
        used = 0
        recent = NONE
    }

    Data[] flat() {
        Data result[] = new Data[used]
        int place = first
        for (int i = 0; i < used; i++) {
            result[i] = cells[place]
            place = next[place]
        }
        return result
    }

    Data[] List:getContents(opt Type ofType) {
        if (ofType === null) return flat()
        return new Data[](flat()) from ofType
    }

    void AdaptEvents:active() {
        if (content === null) return
        int iterated = iteratorIndex
        clear()
        iteratorIndex = iterated
        foreach (Data item in content) add(item)
        content = null
    }

    void AdaptEvents:inactive() {
        content = flat()
    }
}
