// A list in chunks of at most 128 entries. An insert or removal moves entries of one chunk only, a
// position is found by walking over chunk sizes: cheap everywhere, cheapest nowhere.

uses data.Entry

component provides data.adt.List(AdaptEvents) {
    const int FULL = 128
    const int START = 64        // how full chunks are made from an array

    Entry chunks[][] = new Entry[4][]
    int sizes[] = new int[4]
    int count = 0               // chunks in use; none of them is empty
    int used = 0
    int inner = 0               // answer of find besides the chunk: the position in it

    void check(int position, int bound) {
        if (position < 0 || position >= bound) {
            throw new Exception("bounds", "position $position of a list of $used")
        }
    }

    // The chunk of a position that exists, found from the nearer end.
    int find(int position) {
        int chunk = 0
        if (position < used / 2) {
            int left = position
            while (left >= sizes[chunk]) {
                left -= sizes[chunk]
                chunk++
            }
            inner = left
        } else {
            int start = used
            chunk = count
            while (start > position) {
                chunk -= 1
                start -= sizes[chunk]
            }
            inner = position - start
        }
        return chunk
    }

    // Makes room for a new chunk in front of `chunk`.
    void addChunk(int chunk) {
        if (count == sizes.arrayLength) {
            chunks = new Entry[][](chunks, new Entry[count][])
            sizes = new int[](sizes, new int[count])
        }
        chunks.copy(chunk + 1, chunks, chunk, count - chunk)
        sizes.copy(chunk + 1, sizes, chunk, count - chunk)
        chunks[chunk] = new Entry[FULL]
        sizes[chunk] = 0
        count++
    }

    void removeChunk(int chunk) {
        chunks.copy(chunk, chunks, chunk + 1, count - chunk - 1)
        sizes.copy(chunk, sizes, chunk + 1, count - chunk - 1)
        count -= 1
        chunks[count] = null
        sizes[count] = 0
    }

    // Moves the second half of a full chunk into a new one behind it.
    void split(int chunk) {
        addChunk(chunk + 1)
        int half = FULL / 2
        Entry low[] = chunks[chunk]
        Entry high[] = chunks[chunk + 1]
        high.copy(0, low, half, FULL - half)
        for (int i = half; i < FULL; i++) low[i] = null
        sizes[chunk] = half
        sizes[chunk + 1] = FULL - half
    }

    void put(int chunk, int position, store Entry entry) {
        Entry cells[] = chunks[chunk]
        int size = sizes[chunk]
        cells.copy(position + 1, cells, position, size - position)
        cells[position] = entry
        sizes[chunk] = size + 1
        used++
    }

    void List:add(store Entry entry) {
        if (count == 0 || sizes[count - 1] == FULL) addChunk(count)
        put(count - 1, sizes[count - 1], entry)
    }

    void List:insert(int position, store Entry entry) {
        check(position, used + 1)
        if (position == used) {
            add(entry)
            return
        }
        int chunk = find(position)
        if (sizes[chunk] == FULL) {
            split(chunk)
            chunk = find(position)
        }
        put(chunk, inner, entry)
    }

    Entry List:get(int position) {
        check(position, used)
        Entry cells[] = chunks[find(position)]
        return cells[inner]
    }

    void List:set(int position, store Entry entry) {
        check(position, used)
        Entry cells[] = chunks[find(position)]
        cells[inner] = entry
    }

    Entry List:remove(int position) {
        check(position, used)
        int chunk = find(position)
        Entry cells[] = chunks[chunk]
        Entry entry = cells[inner]
        int size = sizes[chunk]
        cells.copy(inner, cells, inner + 1, size - inner - 1)
        cells[size - 1] = null
        sizes[chunk] = size - 1
        used -= 1
        if (size == 1) removeChunk(chunk)
        return entry
    }

    int List:indexOf(int key) {
        int position = 0
        for (int chunk = 0; chunk < count; chunk++) {
            Entry cells[] = chunks[chunk]
            int size = sizes[chunk]
            for (int i = 0; i < size; i++) {
                if (cells[i].key == key) return position + i
            }
            position += size
        }
        return -1
    }

    int List:length() {
        return used
    }

    void List:clear() {
        chunks = new Entry[4][]
        sizes = new int[4]
        count = 0
        used = 0
    }

    Entry[] List:toArray() {
        Entry result[] = new Entry[used]
        int at = 0
        for (int chunk = 0; chunk < count; chunk++) {
            result.copy(at, chunks[chunk], 0, sizes[chunk])
            at += sizes[chunk]
        }
        return result
    }

    void AdaptEvents:active() {
        if (items === null) return
        clear()
        for (int at = 0; at < items.arrayLength; at += START) {
            int size = items.arrayLength - at
            if (size > START) size = START
            addChunk(count)
            Entry cells[] = chunks[count - 1]
            cells.copy(0, items, at, size)
            sizes[count - 1] = size
            used += size
        }
        items = null
    }

    void AdaptEvents:inactive() {
        items = toArray()
    }
}
