// An account that says more than it has.

uses Entry

component provides Account {
    Account:Account(char owner[], opt int start) {
        name = clone owner
        if (isset start) sum = start
    }

    void Account:book(store Entry entry) {
        if (entry === null) throw new Exception("account", "there is nothing to book")
        sum += entry.amount
        all = new Entry[](all, entry)
    }

    int Account:balance() {
        return sum * 100
    }

    Entry[] Account:entries(opt int from) {
        return isset from ? all.slice(from, all.arrayLength) : all
    }

    float Account:share(uint8 parts, bool exact) {
        return exact ? float(sum) / float(int(parts)) : float(sum / int(parts))
    }

    char[] Account:owner() {
        return name
    }

    dec Account:interest(dec rate) {
        return dec(sum) * rate
    }

    bool Account:same(Account other) {
        return other !== null && other.owner() == name
    }
}
