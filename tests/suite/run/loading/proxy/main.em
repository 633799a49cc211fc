// Calls of an interface go through components that do not know it: to trace them, to invent results,
// and by way of two of them; put in and taken out while objects live.
// prints: true
// prints: > Account -1 3
// prints: > Account owner: something
// prints: > Account balance: an int
// prints: opened for Ann with 5
// prints: > Account book: something
// prints: > Account book: something
// prints: > Account entries: something
// prints: > Account entries: something
// prints: > Account balance: an int
// prints: 2 rent 13
// prints: > Account share: something
// prints: > Account share: something
// prints: > Account interest: something
// prints: 3.25 3.0 6.5
// prints: > Account owner: something
// prints: > Account same: something
// prints: > Account same: something
// prints: true false
// prints: account: there is nothing to book
// prints: the handler changes
// prints: proxy.Account 1000000
// prints: > Account balance: an int
// prints: 13
// prints: what is behind changes
// prints: > Account balance: an int
// prints: morph.Account 1300
// prints: two of them
// prints: > Account -1 3
// prints: > Account -1 3
// prints: > Account owner: something
// prints: > Account owner: something
// prints: > Account balance: an int
// prints: > Account balance: an int
// prints: opened for Ann with 500
// prints: put in and taken out
// prints: opened for Ann with 5
// prints: 1000000
// prints: 5
// prints: cast: the value is of another type

uses User
uses lang.IDC

component provides App requires Loader loader, composition.Adapt adapt, io.Output out,
        lang.Adaptation adaptation {
    int App:main(AppParam params[]) {
        IDC user = loader.load("User")
        IDC account = loader.load("Account")
        IDC tracer = loader.load("Tracer", true)
        tracer.wire("io.Output", adaptation.getIDC(), "io.Output")
        out.println("$(tracer.wire("lang.Morph", account, "Account"))")
        adapt.adaptRequiredInterface(user, "Account", tracer, "lang.Proxy")
        User traced = new User() from user
        traced.open()
        traced.use()

        out.println("the handler changes")
        IDC inventor = loader.load("Inventor")
        IDC standIn = user.getComponent("Account")
        adapt.adaptRequiredInterface(standIn, "lang.Proxy", inventor, "lang.Proxy")
        out.println("$(standIn.getName()) $(traced.closing())")
        adapt.adaptRequiredInterface(standIn, "lang.Proxy", tracer, "lang.Proxy")
        out.println(traced.closing())

        out.println("what is behind changes")
        IDC forwarder = tracer.getComponent("lang.Morph")
        adapt.adaptRequiredInterface(forwarder, "Account", loader.load("Account.rich"), "Account")
        out.println("$(forwarder.getName()) $(traced.closing())")

        out.println("two of them")
        IDC outer = loader.load("Tracer", true)
        outer.wire("io.Output", adaptation.getIDC(), "io.Output")
        outer.wire("lang.Morph", tracer, "lang.Proxy")
        IDC other = loader.load("User")
        adapt.adaptRequiredInterface(other, "Account", outer, "lang.Proxy")
        User twice = new User() from other
        twice.open()

        out.println("put in and taken out")
        IDC third = loader.load("User")
        User plain = new User() from third
        plain.open()
        adapt.adaptRequiredInterface(third, "Account", inventor, "lang.Proxy")
        out.println(plain.closing())
        adapt.adaptRequiredInterface(third, "Account", account, "Account")
        out.println(plain.closing())

        IDC liar = loader.load("Liar")
        adapt.adaptRequiredInterface(third, "Account", liar, "lang.Proxy")
        try {
            out.println(plain.closing())
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)")
        }
        return 0
    }
}
