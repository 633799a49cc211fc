interface Counter {
    Counter(int start, char name[])
    int next()
    char[] name()
    Counter twin()
}
