// Checksums against damage, not against malice.

interface Checksum {
    // FNV-1a of 64 bits.
    int fnv(char content[])
}
