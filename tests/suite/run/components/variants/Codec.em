component provides Codec {
    char[] Codec:encode(char text[]) {
        return text
    }
}
