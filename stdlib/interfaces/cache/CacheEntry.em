// A key and its value in a cache.Store.

data CacheEntry {
    char key[]
    char value[]
    int position        // where the entry's slot stands in the list of used slots
}
