// In one array, in which what is held moves to the front when there is no room behind it.

component provides data.StreamBuffer(AdaptEvents) {
    byte cells[] = new byte[64]
    int start = 0
    int used = 0

    // Room for so many more bytes behind what is held.
    void makeRoom(int more) {
        if (start + used + more <= cells.arrayLength) return
        byte target[] = cells
        if (used + more > cells.arrayLength / 2) target = new byte[2 * (used + more)]
        target.copy(0, cells, start, used)
        cells = target
        start = 0
    }

    void StreamBuffer:write(byte data[], opt int length) {
        int count = data.arrayLength
        if (isset length && length < count) count = length
        if (count <= 0) return
        makeRoom(count)
        cells.copy(start + used, data, 0, count)
        used += count
    }

    byte[] StreamBuffer:read(int length) {
        int count = length < used ? length : used
        if (count <= 0) return new byte[0]
        byte result[] = cells.slice(start, start + count)
        start += count
        used -= count
        if (used == 0) start = 0
        return result
    }

    int StreamBuffer:getSize() {
        return used
    }

    void AdaptEvents:active() {
        if (bufferContent === null) return
        cells = clone bufferContent
        start = 0
        used = cells.arrayLength
        bufferContent = null
    }

    void AdaptEvents:inactive() {
        bufferContent = cells.slice(start, start + used)
    }
}
