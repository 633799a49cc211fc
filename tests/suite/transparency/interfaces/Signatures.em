uses Items

interface Signatures {
    int numbers(int a, float b, bool c, dec d)
    char[] text(char text[], char texts[][])
    void item(Item item)
    void object(io.File file)
    void inside(Door doors[])
    void lock(Guarded guarded)
    void any(Data data)
    void type(Type type)
    Thread thread()
    int[][] nested(byte bytes[], Item items[])
}
