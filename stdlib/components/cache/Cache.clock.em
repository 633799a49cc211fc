// Second chance: what was used since it was last looked at is passed over once. A hit sets a mark
// and moves nothing; the order is the hand of the clock, with its next entry last.

uses cache.Store

component provides cache.Cache requires cache.Store {
    // Between the question and the answer no other thread runs, so there is one lock.
    Mutex guard() {
        if (lock === null) lock = new Mutex()
        return lock
    }

    char[] Cache:get(char key[]) {
        char found[] = null
        mutex (guard()) {
            if (kept !== null) {
                int slot = kept.find(key)
                if (slot != Store.NONE) {
                    kept.setCount(slot, 1)
                    found = kept.value(slot)
                }
            }
        }
        return found
    }

    // Each entry is passed over at most once, because that takes its mark away.
    void makeRoom(int cost) {
        while (kept.totalBytes() + cost > Cache.CAPACITY) {
            int slot = kept.lastSlot()
            if (kept.count(slot) > 0) {
                kept.setCount(slot, 0)
                kept.moveToFirst(slot)
            } else {
                kept.remove(slot)
            }
        }
    }

    void Cache:put(store char key[], store char value[]) {
        mutex (guard()) {
            if (kept === null) kept = new Store()
            int cost = kept.cost(key, value)
            if (cost <= Cache.LARGEST) {
                int slot = kept.find(key)
                if (slot != Store.NONE) kept.remove(slot)
                makeRoom(cost)
                kept.setCount(kept.add(key, value), 0)
            }
        }
    }

    int Cache:size() {
        if (kept === null) return 0
        return kept.size()
    }

    void Cache:clear() {
        mutex (guard()) {
            kept = null
        }
    }
}
