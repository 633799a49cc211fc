// Texts found by text. Keys and values are copied by reference and must not be changed afterwards.
//
// Variants: `open` (linear probing in flat arrays: cheap look-ups, costly while it grows or after
// many removals), `chained` (a chain per bucket: even costs).

uses data.Pair

interface HashTable {
    transfer Pair pairs[]       // what the table holds, while it moves from one variant to another

    // Puts or replaces.
    void put(store char key[], store char value[])

    // The value, or null if there is none.
    char[] get(char key[])

    bool contains(char key[])

    // Was it there?
    bool remove(char key[])

    int size()
    void clear()

    // All pairs, in no particular order.
    Pair[] toArray()
}
