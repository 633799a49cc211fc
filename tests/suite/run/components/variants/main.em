// Objects of semantic variants are values of the interface's type; named requirements also make new ones.
component provides App requires io.Output out, Codec:twice twice, Codec:star, Codec plain {
    Codec kept
    char[] apply(Codec codec) {
        return codec.encode("x")
    }
    int App:main(AppParam params[]) {
        kept = twice
        Codec star = new Codec:star()
        Codec other = new Codec:twice()
        Codec all[] = new Codec[](twice, star, other, plain)
        foreach (Codec codec in all) out.println(apply(codec))
        // prints: xx1
        // prints: *x*1
        // prints: xx1
        // prints: x
        out.println("$(apply(kept)) $(apply(star))") // prints: xx2 *x*2
        out.println("$(kept === twice) $(kept === other)") // prints: true false
        Object any = star
        out.println("$(any hastype Codec) $(Codec(any) === star)") // prints: true true
        Codec second = new Codec()
        out.println("$(second === plain) $(second.encode("y"))") // prints: false y
        return 0
    }
}
