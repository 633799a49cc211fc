// A key and its value in a cache.Store.

data CacheEntry {
    char key[]
    char value[]
}
