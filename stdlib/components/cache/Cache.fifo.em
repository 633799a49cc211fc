// Forgets what came first, used or not: a hit changes nothing. The order is the order of arrival.

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
                    found = kept.value(slot)
                }
            }
        }
        return found
    }

    // The last of the order has been here longest.
    void makeRoom(int cost) {
        while (kept.totalBytes() + cost > Cache.CAPACITY) {
            kept.remove(kept.lastSlot())
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
                kept.add(key, value)
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
