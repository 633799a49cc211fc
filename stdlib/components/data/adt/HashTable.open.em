// Open addressing with linear probing, at most half full. A removal closes the gap it leaves, so
// look-ups never walk over what is gone.

uses data.Pair

component provides data.adt.HashTable(AdaptEvents) {
    Pair cells[] = new Pair[16]
    int hashes[] = new int[16]
    int used = 0

    // FNV-1a, with the high bits folded in because the index uses the low ones.
    int hash(char key[]) {
        int h = 1469598103934665603
        for (int i = 0; i < key.arrayLength; i++) h = (h ^ int(key[i])) * 1099511628211
        return h ^ (h >> 32)
    }

    // Where the key is, or the empty place where it belongs.
    int find(char key[], int h) {
        int mask = cells.arrayLength - 1
        int at = h & mask
        while (cells[at] !== null) {
            if (hashes[at] == h && cells[at].key == key) return at
            at = (at + 1) & mask
        }
        return at
    }

    void grow() {
        Pair old[] = cells
        int oldHashes[] = hashes
        int size = old.arrayLength * 2
        cells = new Pair[size]
        hashes = new int[size]
        for (int i = 0; i < old.arrayLength; i++) {
            if (old[i] !== null) {
                int at = oldHashes[i] & (size - 1)
                while (cells[at] !== null) at = (at + 1) & (size - 1)
                cells[at] = old[i]
                hashes[at] = oldHashes[i]
            }
        }
    }

    void place(store Pair pair) {
        int h = hash(pair.key)
        int at = find(pair.key, h)
        if (cells[at] === null) {
            used++
            if (used * 2 > cells.arrayLength) {
                grow()
                at = find(pair.key, h)
            }
        }
        cells[at] = pair
        hashes[at] = h
    }

    void HashTable:put(store char key[], store char value[]) {
        place(new Pair(key, value))
    }

    char[] HashTable:get(char key[]) {
        Pair pair = cells[find(key, hash(key))]
        if (pair === null) return null
        return pair.value
    }

    bool HashTable:contains(char key[]) {
        return cells[find(key, hash(key))] !== null
    }

    bool HashTable:remove(char key[]) {
        int at = find(key, hash(key))
        if (cells[at] === null) return false
        int mask = cells.arrayLength - 1
        int gap = at
        at = (at + 1) & mask
        while (cells[at] !== null) {
            int home = hashes[at] & mask
            // Does it lie, going round, at or before the gap? Then it may move there.
            if (((at - home) & mask) >= ((at - gap) & mask)) {
                cells[gap] = cells[at]
                hashes[gap] = hashes[at]
                gap = at
            }
            at = (at + 1) & mask
        }
        cells[gap] = null
        used -= 1
        return true
    }

    int HashTable:size() {
        return used
    }

    void HashTable:clear() {
        cells = new Pair[16]
        hashes = new int[16]
        used = 0
    }

    Pair[] HashTable:toArray() {
        Pair result[] = new Pair[used]
        int at = 0
        for (int i = 0; i < cells.arrayLength; i++) {
            if (cells[i] !== null) {
                result[at] = cells[i]
                at++
            }
        }
        return result
    }

    void AdaptEvents:active() {
        if (pairs === null) return
        clear()
        foreach (Pair pair in pairs) place(pair)
        pairs = null
    }

    void AdaptEvents:inactive() {
        pairs = toArray()
    }
}
