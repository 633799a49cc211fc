// Slots in parallel arrays of numbers, a hash index over them and one order through them.
//
// All state is transfer state: a store can be replaced while it is full. The arrays are made at
// first use and doubled when no slot is free; they never shrink but in clear (a new store).

uses cache.CacheEntry

component provides cache.Store {
    const int OVERHEAD = 96         // what a slot and its records cost besides key and value
    const int START = 64

    int hash(char key[]) {
        int h = 1469598103934665603
        for (int i = 0; i < key.arrayLength; i++) h = (h ^ int(key[i])) * 1099511628211
        return h ^ (h >> 32)
    }

    void prepare() {
        if (entries !== null) return
        hashes = new int[START]
        chain = new int[START]
        newer = new int[START]
        older = new int[START]
        counts = new int[START]
        entries = new CacheEntry[START]
        buckets = emptyBuckets(START)
        unused = Store.NONE
        first = Store.NONE
        last = Store.NONE
    }

    int[] emptyBuckets(int size) {
        int made[] = new int[size]
        for (int i = 0; i < size; i++) made[i] = Store.NONE
        return made
    }

    // Called when every slot is in use.
    void grow() {
        int size = entries.arrayLength
        int more[] = new int[size]
        hashes = new int[](hashes, more)
        chain = new int[](chain, more)
        newer = new int[](newer, more)
        older = new int[](older, more)
        counts = new int[](counts, more)
        entries = new CacheEntry[](entries, new CacheEntry[size])
        buckets = emptyBuckets(size * 2)
        for (int slot = 0; slot < size; slot++) index(slot)
    }

    void index(int slot) {
        int bucket = hashes[slot] & (buckets.arrayLength - 1)
        chain[slot] = buckets[bucket]
        buckets[bucket] = slot
    }

    void unindex(int slot) {
        int bucket = hashes[slot] & (buckets.arrayLength - 1)
        int at = buckets[bucket]
        if (at == slot) {
            buckets[bucket] = chain[slot]
            return
        }
        while (chain[at] != slot) at = chain[at]
        chain[at] = chain[slot]
    }

    void unlink(int slot) {
        int up = newer[slot]
        int down = older[slot]
        if (up == Store.NONE) first = down
        else older[up] = down
        if (down == Store.NONE) last = up
        else newer[down] = up
    }

    void linkFirst(int slot) {
        newer[slot] = Store.NONE
        older[slot] = first
        if (first == Store.NONE) last = slot
        else newer[first] = slot
        first = slot
    }

    int Store:find(char key[]) {
        if (entries === null) return Store.NONE
        int h = hash(key)
        int slot = buckets[h & (buckets.arrayLength - 1)]
        while (slot != Store.NONE) {
            if (hashes[slot] == h && entries[slot].key == key) return slot
            slot = chain[slot]
        }
        return Store.NONE
    }

    int Store:add(store char key[], store char value[]) {
        prepare()
        int slot = unused
        if (slot != Store.NONE) {
            unused = chain[slot]
        } else {
            if (reached == entries.arrayLength) grow()
            slot = reached
            reached++
        }
        entries[slot] = new CacheEntry(key, value)
        hashes[slot] = hash(key)
        counts[slot] = 1
        index(slot)
        linkFirst(slot)
        used++
        bytes += cost(key, value)
        return slot
    }

    char[] Store:value(int slot) {
        return entries[slot].value
    }

    void Store:replace(int slot, store char value[]) {
        CacheEntry old = entries[slot]
        bytes += value.arrayLength - old.value.arrayLength
        entries[slot] = new CacheEntry(old.key, value)
    }

    void Store:remove(int slot) {
        CacheEntry old = entries[slot]
        bytes -= cost(old.key, old.value)
        used -= 1
        unindex(slot)
        unlink(slot)
        entries[slot] = null
        chain[slot] = unused
        unused = slot
    }

    void Store:moveToFirst(int slot) {
        if (first == slot) return
        unlink(slot)
        linkFirst(slot)
    }

    int Store:firstSlot() {
        if (entries === null) return Store.NONE
        return first
    }

    int Store:lastSlot() {
        if (entries === null) return Store.NONE
        return last
    }

    int Store:following(int slot) {
        return older[slot]
    }

    int Store:preceding(int slot) {
        return newer[slot]
    }

    int Store:count(int slot) {
        return counts[slot]
    }

    void Store:setCount(int slot, int count) {
        counts[slot] = count
    }

    // Slots are reused before new ones are taken, so nearly all that were ever reached are in use.
    int Store:pick(int number) {
        int slot = number % reached
        while (entries[slot] === null) slot = (slot + 1) % reached
        return slot
    }

    int Store:size() {
        return used
    }

    int Store:totalBytes() {
        return bytes
    }

    int Store:cost(char key[], char value[]) {
        return key.arrayLength + value.arrayLength + OVERHEAD
    }
}
