// Forgets what is used least: of some entries drawn at random the one with the fewest uses goes.
// All counts are halved from time to time, so old fame fades.

uses cache.Store

component provides cache.Cache(AdaptEvents) requires cache.Store {
    const int DRAWN = 8
    const int MOST = 1000
    const int FADE = 10             // puts for each entry until the counts are halved

    int puts = 0
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
                    if (kept.count(slot) < MOST) kept.setCount(slot, kept.count(slot) + 1)
                    found = kept.value(slot)
                }
            }
        }
        return found
    }

    // The entry with the fewest uses of some.
    int victim() {
        int worst = kept.pick(draw())
        for (int i = 1; i < DRAWN; i++) {
            int slot = kept.pick(draw())
            if (kept.count(slot) < kept.count(worst)) worst = slot
        }
        return worst
    }

    // Costs a walk over all entries, once in many puts.
    void fade() {
        puts++
        if (puts < FADE * kept.size()) return
        puts = 0
        int slot = kept.firstSlot()
        while (slot != Store.NONE) {
            kept.setCount(slot, kept.count(slot) / 2)
            slot = kept.following(slot)
        }
    }

    void makeRoom(int cost) {
        if (kept.size() == 0) return
        fade()
        while (kept.totalBytes() + cost > Cache.CAPACITY) kept.remove(victim())
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
