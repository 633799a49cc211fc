uses Items

interface Results {
    transfer int total
    Item fresh()
    Item own()
    char[] ownText()
    char[] copyOfText()
    Item copyOfOwn()
    Item sharesPart()
    void throwsOwn()
    int read()
    void set(int to)
    int add(int by)
    int next()
    char[] greeting()
    int count()
    float root(float of)
    int now()
}
