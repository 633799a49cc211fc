// A sequence of data of any type. What it holds is told apart by identity, not by content.
//
// Variants: `array` (cheap by position), `linked` (cheap at both ends and near the last position
// used), `chunked` (cheap inserts and removals in the middle of a long list).

interface List {
    transfer Data content[]     // what the list holds, while it moves from one variant to another
    transfer int iteratorIndex  // the position of what getNext gives

    void add(store Data item)

    // A position of 0 to the length; any other is a "bounds" exception.
    void insert(int position, store Data item)

    // Null if there is no such position.
    Data getIndex(int position)

    // A position that does not exist is a "bounds" exception.
    void setIndex(int position, store Data item)
    Data removeIndex(int position)

    // The first position of the item; -1 if it is not in the list.
    int indexOf(Data item)

    // Removes or replaces the item where it is first found, if it is found.
    void remove(Data item) {
        int position = indexOf(item)
        if (position >= 0) removeIndex(position)
    }

    void update(Data item, store Data newVersion) {
        int position = indexOf(item)
        if (position >= 0) setIndex(position, newVersion)
    }

    // One iteration at a time: it goes on where it was when items are added or removed.
    Data getFirst() {           // null if the list is empty
        iteratorIndex = 0
        return getNext()
    }

    Data getNext() {            // null at the end
        if (iteratorIndex >= getLength()) return null
        iteratorIndex++
        return getIndex(iteratorIndex - 1)
    }

    bool isEnd() {
        return iteratorIndex >= getLength()
    }

    int getLength()
    void clear()

    // All items in order, in an array that is declared as one of `Data`, or of the type.
    Data[] getContents(opt Type ofType)
}
