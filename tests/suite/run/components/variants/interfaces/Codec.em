interface Codec {
    transfer int used
    char[] encode(char text[])
}
