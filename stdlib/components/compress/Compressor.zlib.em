// The host's zlib at its middle level.

component provides compress.Compressor requires native host.Zlib zlib {
    const int LEVEL = 6

    char[] Compressor:compress(char content[]) {
        return zlib.gzip(content, LEVEL)
    }

    char[] Compressor:encoding() {
        return "gzip"
    }

    char[] Compressor:label() {
        return "gzip-zlib"
    }
}
