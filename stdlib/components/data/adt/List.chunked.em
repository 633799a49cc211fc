// A list in chunks of at most 128 entries. An insert or removal moves entries of one chunk only, a
// position is found by walking over chunk sizes: cheap everywhere, cheapest nowhere.

component provides data.adt.List(AdaptEvents) {
    const int FULL = 128
    const int START = 64        // how full chunks are made from an array

    Data chunks[][] = new Data[4][]
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
            chunks = new Data[][](chunks, new Data[count][])
            sizes = new int[](sizes, new int[count])
        }
        chunks.copy(chunk + 1, chunks, chunk, count - chunk)
        sizes.copy(chunk + 1, sizes, chunk, count - chunk)
        chunks[chunk] = new Data[FULL]
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
        Data low[] = chunks[chunk]
        Data high[] = chunks[chunk + 1]
        high.copy(0, low, half, FULL - half)
        for (int i = half; i < FULL; i++) low[i] = null
        sizes[chunk] = half
        sizes[chunk + 1] = FULL - half
    }

    void put(int chunk, int position, store Data item) {
        Data cells[] = chunks[chunk]
        int size = sizes[chunk]
        cells.copy(position + 1, cells, position, size - position)
        cells[position] = item
        sizes[chunk] = size + 1
        used++
    }

    void List:add(store Data item) {
        if (count == 0 || sizes[count - 1] == FULL) addChunk(count)
        put(count - 1, sizes[count - 1], item)
    }

    void List:insert(int position, store Data item) {
        check(position, used + 1)
        if (position < iteratorIndex) iteratorIndex++
        if (position == used) {
            add(item)
            return
        }
        int chunk = find(position)
        if (sizes[chunk] == FULL) {
            split(chunk)
            chunk = find(position)
        }
        put(chunk, inner, item)
    }

    Data List:getIndex(int position) {
        if (position < 0 || position >= used) return null
        Data cells[] = chunks[find(position)]
        return cells[inner]
    }

    void List:setIndex(int position, store Data item) {
        check(position, used)
        Data cells[] = chunks[find(position)]
        cells[inner] = item
    }

    Data List:removeIndex(int position) {
        check(position, used)
        if (position < iteratorIndex) iteratorIndex--
        int chunk = find(position)
        Data cells[] = chunks[chunk]
        Data item = cells[inner]
        int size = sizes[chunk]
        cells.copy(inner, cells, inner + 1, size - inner - 1)
        cells[size - 1] = null
        sizes[chunk] = size - 1
        used -= 1
        if (size == 1) removeChunk(chunk)
        return item
    }

    int List:indexOf(Data item) {
        int position = 0
        for (int chunk = 0; chunk < count; chunk++) {
            Data cells[] = chunks[chunk]
            int size = sizes[chunk]
            for (int i = 0; i < size; i++) {
                if (cells[i] === item) return position + i
            }
            position += size
        }
        return -1
    }

    int List:getLength() {
        return used
    }

    void List:clear() {
        iteratorIndex = 0
        chunks = new Data[4][]
        sizes = new int[4]
        count = 0
        used = 0
    }

    Data[] flat() {
        Data result[] = new Data[used]
        int at = 0
        for (int chunk = 0; chunk < count; chunk++) {
            result.copy(at, chunks[chunk], 0, sizes[chunk])
            at += sizes[chunk]
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
        for (int at = 0; at < content.arrayLength; at += START) {
            int size = content.arrayLength - at
            if (size > START) size = START
            addChunk(count)
            Data cells[] = chunks[count - 1]
            cells.copy(0, content, at, size)
            sizes[count - 1] = size
            used += size
        }
        content = null
    }

    void AdaptEvents:inactive() {
        content = flat()
    }
}
