component provides Codec:twice {
    char[] Codec:encode(char text[]) {
        used++
        return "$text$text$used"
    }
}
