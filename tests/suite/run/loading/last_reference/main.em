// The component that an object leaves is not referred to any more when a call waits for the move: its
// code goes, and the call must not come back to it.
// prints: cached 5
// prints: true
// prints: plain 7

uses lang.IDC

component provides App requires io.Output out, Loader loader, composition.Adapt adapt {
    int App:main(AppParam params[]) {
        IDC plain = loader.load("Counter.plain")
        IDC cached = loader.load("Counter.cached")
        Counter c = new Counter() from cached
        c.add(5)
        out.println("$(c.who()) $(c.get())")
        out.println("$(adapt.adaptObject(cached, c, plain, "Counter"))")
        c.add(2)
        out.println("$(c.who()) $(c.get())")
        return 0
    }
}
