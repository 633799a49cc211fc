interface Guard {
    Guard(char name[])
    char[] name()
}

interface Maker {
    Guard make(char name[])
}
