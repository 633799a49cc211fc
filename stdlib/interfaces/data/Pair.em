// Two texts: one association of a data.adt.HashTable.

data Pair {
    char key[]
    char value[]
}
