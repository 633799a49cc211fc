// Bytes in the order in which they came: written at one end, read at the other.

interface StreamBuffer {
    transfer byte bufferContent[]   // what the buffer holds, while it moves to another component

    // Appends all bytes, or the first `length` of them.
    void write(byte data[], opt int length)

    // Takes the next bytes out; fewer if there are fewer.
    byte[] read(int length)

    int getSize()
}
