// Values that are costly to make, kept by key up to a number of bytes.
//
// Variants differ in what they keep: `none` nothing, `lru` what was used last, `lfu` what is used
// most, `fifo` what came last, `clock` nearly lru with cheaper hits, `mru` what came first (good
// when more than fits is read round and round), `random` anything.
// What is cached stays cached when one variant replaces another.

interface Cache {
    const int CAPACITY = 6291456        // bytes in all
    const int LARGEST = 1572864         // bytes of one entry

    transfer Store kept         // made at first use
    transfer Mutex lock         // one thread at a time looks or changes

    // The value, or null if it is not here.
    char[] get(char key[])

    // May keep it, and may forget others for it. What is larger than LARGEST is not kept.
    void put(store char key[], store char value[])

    // Entries that get may find.
    int size()

    void clear()
}
