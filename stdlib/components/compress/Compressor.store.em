// No compression: no time, all the bytes.

component provides compress.Compressor {
    char[] Compressor:compress(char content[]) {
        return null
    }

    char[] Compressor:encoding() {
        return "identity"
    }

    char[] Compressor:label() {
        return "identity"
    }
}
