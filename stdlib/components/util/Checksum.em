// FNV-1a: one multiplication for each byte.

component provides util.Checksum {
    int Checksum:fnv(char content[]) {
        int h = -3750763034362895579
        for (int i = 0; i < content.arrayLength; i++) h = (h ^ int(content[i])) * 1099511628211
        return h
    }
}
