// Forgets anything. Needs no order and no marks, and no pattern of use is its worst case.

uses cache.Store

component provides cache.Cache(AdaptEvents) requires cache.Store {
    int luck = 1

    int draw() {
        luck = luck * 6364136223846793005 + 1442695040888963407
        return (luck >> 33) & 0x3fffffff
    }

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

    // Whatever the dice say.
    void makeRoom(int cost) {
        while (kept.totalBytes() + cost > Cache.CAPACITY) {
            kept.remove(kept.pick(draw()))
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

    void AdaptEvents:active() {
    }

    // The private numbers only steer luck; a new variant does without them.
    void AdaptEvents:inactive() {
    }
}
