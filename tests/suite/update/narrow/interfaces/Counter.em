interface Counter {
    transfer int8 sum
    char[] count(char name[])
}
