// Keeps nothing: for what is never asked for twice. What another variant has kept stays with the
// transfer state until that variant, or one like it, comes back.

component provides cache.Cache {
    char[] Cache:get(char key[]) {
        return null
    }

    void Cache:put(store char key[], store char value[]) {
    }

    int Cache:size() {
        return 0
    }

    void Cache:clear() {
        kept = null
    }
}
