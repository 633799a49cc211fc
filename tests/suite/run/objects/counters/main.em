// Objects have state of their own; a constructor runs after the initialisers.
component provides App requires Counter, io.Output out {
    int drain(Counter counters[]) {
        int sum = 0
        foreach (Counter c in counters) if (c !== null) sum += c.next()
        return sum
    }
    int App:main(AppParam params[]) {
        Counter a = new Counter(0, "a")
        Counter b = new Counter(50, "b")
        Counter c = a
        out.println("$(a.next()) $(a.next()) $(b.next()) $(c.next())") // prints: 101 102 151 103
        out.println("$(a.name()) $(b.name())") // prints: a/1 b/1
        out.println("$(a === c) $(a === b) $(a == c)") // prints: true false true
        Counter all[] = new Counter[4]
        all[0] = a
        all[3] = b
        out.println("$(drain(all))") // prints: 256
        a = null
        out.println("$(c.next())") // prints: 105
        out.println("$(c.twin() === null)") // prints: true
        try {
            a.next()
        } catch (Exception e) {
            out.println("$(e.kind)") // prints: null
        }
        return 0
    }
}
