const int NAME = 6
data Header {
    const int MAGIC = 2
    byte magic[MAGIC]
    char name[NAME]
    int size
}
data Longer extends Header {
    int more[3]
}
