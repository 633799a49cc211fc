// Looks for data in arrays, by one of their fields. What is looked for is told by a template: an
// item with the wanted value in that field.

// Items that have the same value in a field.
data Group {
    Data cells[]
}

interface Search {
    // The position that stands for none.
    const uint64 NOT_FOUND = 18446744073709551615

    // All that match, in order, in an array of the template's type; null if nothing does.
    Data[] find(Data list[], TypeField field, Data template)

    // The first one that matches; null if none does.
    Data findFirst(Data list[], TypeField field, Data template)

    // The positions of all that match; null if nothing does.
    uint64[] findIndex(Data list[], TypeField field, Data template)

    // The position of the first one that matches, or `NOT_FOUND`.
    uint64 findFirstIndex(Data list[], TypeField field, Data template)

    // The first of those that share their value with a later one, for each such value, in an array
    // of the list's type; null if all values differ.
    Data[] findDuplicates(Data list[], TypeField field)

    // A group for each value, in the order in which the values come; null if there are no items.
    Group[] groupBy(Data list[], TypeField field)
}
