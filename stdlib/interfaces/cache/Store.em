// Where caches keep their entries: slots with a hash index, a byte count, and the marks that
// eviction policies need. Finding, adding, removing and moving in the order are O(1).
//
// Slots in use are linked in one order, first to last; a policy gives that order its meaning. A
// Store decides nothing by itself and never evicts.

uses cache.CacheEntry

interface Store {
    const int NONE = -1

    transfer int hashes[]
    transfer int chain[]        // next slot of the same bucket, or of the free list
    transfer int buckets[]      // first slot of each bucket
    transfer int newer[]        // neighbours in the order
    transfer int older[]
    transfer int counts[]       // how often used
    transfer CacheEntry entries[]
    transfer int unused         // first slot of the free list
    transfer int reached        // slots from here on have never been used
    transfer int first
    transfer int last
    transfer int used
    transfer int bytes

    // The slot of a key, or NONE.
    int find(char key[])

    // Puts a key that is not there yet into a free slot, as the first of the order, count 1.
    int add(store char key[], store char value[])

    char[] value(int slot)

    // Replaces the value and leaves place and count.
    void replace(int slot, store char value[])

    void remove(int slot)

    void moveToFirst(int slot)

    int firstSlot()
    int lastSlot()

    // The next slot in the order; NONE after the last.
    int following(int slot)

    // The next slot towards the first; NONE before it.
    int preceding(int slot)

    int count(int slot)
    void setCount(int slot, int count)

    // A slot in use, chosen by a number of at least 0. The store must not be empty.
    int pick(int number)

    int size()

    // Keys, values and what an entry costs besides.
    int totalBytes()

    // The bytes an entry counts for.
    int cost(char key[], char value[])
}
