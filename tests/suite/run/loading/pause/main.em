// A requirement is paused, wired anew and resumed: only then do its calls go to the new component.
// prints: 1
// prints: not paused false, unknown false
// prints: paused
// prints: resumed true
// prints: rewired 11
// prints: connected true, to Counter.ten
uses lang.IDC
uses Sum

component provides App requires Loader loader, io.Output out {
    int App:main(AppParam params[]) {
        IDC summing = loader.load("Sum", noAutoWire = true)
        IDC one = loader.load("Counter.one")
        IDC ten = loader.load("Counter.ten")
        summing.wire("Counter", one, "Counter")
        Sum sum = new Sum() from summing
        out.println("$(sum.add())")
        out.println("not paused $(summing.resume("Counter")), unknown $(summing.pause("Nothing"))")
        summing.pause("Counter")
        out.println("paused")
        summing.wire("Counter", ten, "Counter")
        out.println("resumed $(summing.resume("Counter"))")
        out.println("rewired $(sum.add())")
        out.println("connected $(summing.isConnected("Counter")), to $(summing.getComponent("Counter").getName())")
        return 0
    }
}
