// In one array with room to grow.

component provides data.StringBuilder(AdaptEvents) {
    char cells[] = new char[16]
    int used = 0

    void StringBuilder:add(char str[]) {
        int length = str.arrayLength
        if (used + length > cells.arrayLength) {
            char larger[] = new char[(used + length) * 2]
            larger.copy(0, cells, 0, used)
            cells = larger
        }
        if (length > 0) cells.copy(used, str, 0, length)
        used += length
    }

    char[] StringBuilder:get() {
        return cells.slice(0, used)
    }

    void AdaptEvents:inactive() {
        builderContent = cells.slice(0, used)
    }

    void AdaptEvents:active() {
        if (builderContent === null) return
        cells = clone builderContent
        used = cells.arrayLength
        builderContent = null
    }
}
