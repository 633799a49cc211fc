// What is called through proxies: all kinds of parameters and results.

data Entry {
    char text[]
    int amount
}

interface Account {
    transfer char name[]
    transfer int sum
    transfer Entry all[]

    Account(char owner[], opt int start)

    void book(store Entry entry)
    int balance()
    Entry[] entries(opt int from)
    float share(uint8 parts, bool exact)
    char[] owner()
    dec interest(dec rate)
    bool same(Account other)
}
