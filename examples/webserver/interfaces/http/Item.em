// A file of a generated site, as its manifest has it.

data Item {
    char kind[]             // "text", "image" or "small"
    char path[]
    int size
    char sum[]              // util.Checksum.fnv of the content in hexadecimal
    char plain[]            // the content, and a compressed form of it, once seen and found right
    char coded[]
}
