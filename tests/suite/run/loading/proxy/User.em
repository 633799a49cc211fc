// Uses accounts, and is told nothing about what they are.

uses Entry

component provides User requires Account, io.Output out {
    void User:open() {
        account = new Account("Ann", start = 5)
        out.println("opened for $(account.owner()) with $(account.balance())")
    }

    void User:use() {
        account.book(new Entry("wages", 20))
        account.book(new Entry("rent", -12))
        Entry later[] = account.entries(from = 1)
        out.println("$(account.entries().arrayLength) $(later[0].text) $(account.balance())")
        out.println("$(account.share(4, true)) $(account.share(4, false)) $(account.interest(0.5))")
        out.println("$(account.same(account)) $(account.same(null))")
        try {
            account.book(null)
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)")
        }
    }

    char[] User:closing() {
        return "$(account.balance())"
    }
}
