uses Items

interface Asks {
    int lends(Item item)
    void lendsToKeep(Item item)
    void lendsOwn()
    Item givesFresh()
    Item givesShared()
    Item givesLent()
    int inAContainer(Item item)
    void makes(Item item)
    void prints(char text[])
    char[] asksPure(char text[])
}
