component provides Codec:star {
    char[] Codec:encode(char text[]) {
        used++
        return "*$text*$used"
    }
}
