// No compression: no time, all the bytes.

component provides compress.Compressor {
    char[] Compressor:compress(char content[]) {
        return content
    }

    char[] Compressor:encoding() {
        return "identity"
    }

    char[] Compressor:label() {
        return "identity"
    }
}
