// Fields of fixed length: each record has arrays of its own, and so has its copy.
uses Header

component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        Header a = new Header()
        out.println("$(a.magic.arrayLength) $(a.name.arrayLength) $(a.name == "")") // prints: 2 6 true
        a.name = "abc"
        a.magic[1] = 9
        Header b = clone a
        b.name[0] = 'x'
        b.magic = new byte[](1)
        out.println("$(a.name == "abc") $(b.name == "xbc") $(a.magic[1]) $(b.magic[1])") // prints: true true 9 0
        Header c = new Header(new byte[](1, 2), size = 4)
        out.println("$(c.magic[1]) $(c.name.arrayLength) $(c.size)") // prints: 2 6 4
        Longer d = new Longer(name = "d")
        d.more[2] = 7
        out.println("$(d.more.arrayLength) $(d.more[2]) $(d.magic.arrayLength) $(d.name == "d")") // prints: 3 7 2 true
        try {
            char long[] = "too long"
            a.name = long
        } catch (Exception e) {
            out.println("$(e.kind) $(a.name == "abc")") // prints: bounds true
        }
        return 0
    }
}
