// A chain of pairs for each bucket, as many buckets as pairs. The chains are numbers in an array,
// so removals cost one link and the pairs never move but when the table doubles.

uses data.Pair

component provides data.adt.HashTable(AdaptEvents) {
    const int NONE = -1

    Pair cells[] = new Pair[16]
    int hashes[] = new int[16]
    int chain[] = new int[16]       // next place of the same bucket, or of the free ones
    int buckets[] = null            // first place of each bucket; made at first use
    int spare = -1
    int reached = 0
    int used = 0

    int hash(char key[]) {
        int h = 1469598103934665603
        for (int i = 0; i < key.arrayLength; i++) h = (h ^ int(key[i])) * 1099511628211
        return h ^ (h >> 32)
    }

    int[] emptyBuckets(int size) {
        int made[] = new int[size]
        for (int i = 0; i < size; i++) made[i] = NONE
        return made
    }

    int find(char key[], int h) {
        if (buckets === null) return NONE
        int at = buckets[h & (buckets.arrayLength - 1)]
        while (at != NONE) {
            if (hashes[at] == h && cells[at].key == key) return at
            at = chain[at]
        }
        return NONE
    }

    void grow() {
        int size = cells.arrayLength
        cells = new Pair[](cells, new Pair[size])
        hashes = new int[](hashes, new int[size])
        chain = new int[](chain, new int[size])
        buckets = emptyBuckets(size * 2)
        for (int i = 0; i < size; i++) link(i)
    }

    void link(int place) {
        int bucket = hashes[place] & (buckets.arrayLength - 1)
        chain[place] = buckets[bucket]
        buckets[bucket] = place
    }

    // The table is grown only when no place is free, so grow() finds every place in use.
    void place(store Pair pair) {
        int h = hash(pair.key)
        int at = find(pair.key, h)
        if (at != NONE) {
            cells[at] = pair
            return
        }
        if (buckets === null) buckets = emptyBuckets(cells.arrayLength)
        if (spare != NONE) {
            at = spare
            spare = chain[at]
        } else {
            if (reached == cells.arrayLength) grow()
            at = reached
            reached++
        }
        cells[at] = pair
        hashes[at] = h
        link(at)
        used++
    }

    void HashTable:put(store char key[], store char value[]) {
        place(new Pair(key, value))
    }

    char[] HashTable:get(char key[]) {
        int at = find(key, hash(key))
        if (at == NONE) return null
        return cells[at].value
    }

    bool HashTable:contains(char key[]) {
        return find(key, hash(key)) != NONE
    }

    bool HashTable:remove(char key[]) {
        int h = hash(key)
        int at = find(key, h)
        if (at == NONE) return false
        int bucket = h & (buckets.arrayLength - 1)
        if (buckets[bucket] == at) {
            buckets[bucket] = chain[at]
        } else {
            int before = buckets[bucket]
            while (chain[before] != at) before = chain[before]
            chain[before] = chain[at]
        }
        cells[at] = null
        chain[at] = spare
        spare = at
        used -= 1
        return true
    }

    int HashTable:size() {
        return used
    }

    void HashTable:clear() {
        cells = new Pair[16]
        hashes = new int[16]
        chain = new int[16]
        buckets = null
        spare = NONE
        reached = 0
        used = 0
    }

    Pair[] HashTable:toArray() {
        Pair result[] = new Pair[used]
        int at = 0
        for (int i = 0; i < reached; i++) {
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
