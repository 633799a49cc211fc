// A sequence of entries. A position that does not exist is a "bounds" exception.
//
// Variants: `array` (cheap by position), `linked` (cheap at both ends and near the last position
// used), `chunked` (cheap inserts and removals in the middle of a long list).

uses data.Entry

interface List {
    transfer Entry items[]      // what the list holds, while it moves from one variant to another

    void add(store Entry entry)
    void insert(int position, store Entry entry)
    Entry get(int position)
    void set(int position, store Entry entry)
    Entry remove(int position)

    // First position whose entry has this key; -1 if none has.
    int indexOf(int key)

    int length()
    void clear()
    Entry[] toArray()
}
