// Objects get the code of another component while they live: one, all behind a requirement, and one
// from within its own call.
// prints: 1 2
// prints: plain leaves 2
// prints: twice gets 2
// prints: 4
// prints: false false
// prints: twice leaves 4
// prints: plain gets 4
// prints: 5
// prints: plain works at 5
// prints: pulled: true
// prints: plain still works at 15
// prints: plain leaves 15
// prints: twice gets 15
// prints: 17
// prints: wiring: nothing is wired to `Counter`, which `Sum` requires
// prints: true false
// prints: Counter.plain
// prints: 6
// prints: 1 1
// prints: plain leaves 3
// prints: twice gets 3
// prints: 12
// prints: wiring: `Sum` provides no interface `Counter`
// prints: wiring: `Counter.twice` requires no interface `Sum`

uses Counter
uses lang.IDC

component provides App requires Loader loader, composition.Adapt adapt, Lever lever,
        io.Output out {
    IDC plain
    IDC twice

    void one() {
        Counter counter = new Counter() from plain
        out.println("$(counter.next()) $(counter.next())")
        adapt.adaptObject(plain, counter, twice, "Counter")
        out.println("$(counter.next())")
        // It is of the other one already.
        bool again = adapt.adaptObject(plain, counter, twice, "Counter")
        out.println("$again $(adapt.adaptObject(plain, counter, twice, "Counter"))")
        adapt.adaptObject(twice, counter, plain, "Counter")
        out.println("$(counter.next())")
        lever.prepare(plain, counter, twice)
        counter.work(lever)
        out.println("$(counter.next())")
        lever.prepare(null, null, null)
    }

    void all() {
        IDC summing = loader.load("Sum.o", noAutoWire = true)
        Sum sum = null
        try {
            sum = new Sum() from summing
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)")
        }
        bool wired = summing.wire("Counter", plain, "Counter")
        out.println("$wired $(summing.wire("Counter", twice, "Counter"))")
        out.println(summing.getComponent("Counter").getName())
        sum = new Sum() from summing
        out.println("$(sum.add(3))")
        out.println("$(summing.getObjects("Counter").arrayLength) $(count(summing))")
        adapt.adaptRequiredInterface(summing, "Counter", twice)
        out.println("$(sum.add(2))")
    }

    void attempt(IDC of, char required[], IDC to) {
        try {
            adapt.adaptRequiredInterface(of, required, to)
        } catch (Exception e) {
            out.println("$(e.kind): $(e.message)")
        }
    }

    void wrong() {
        IDC summing = loader.load("Sum")
        attempt(summing, "Counter", summing)
        attempt(twice, "Sum", summing)
    }

    int count(IDC of) {
        return of.getObjects("Counter").arrayLength
    }

    int App:main(AppParam params[]) {
        plain = loader.load("Counter.plain")
        twice = loader.load("Counter.twice.emo")
        one()
        all()
        wrong()
        return 0
    }
}
