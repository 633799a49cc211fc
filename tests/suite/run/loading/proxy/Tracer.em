// Says what is called, and has it done.

component provides lang.Proxy requires lang.Morph, io.Output out {

    // An object that was there before has not been constructed here.
    Morph behind() {
        if (target === null) target = new Morph()
        return target
    }

    void Proxy:construct(FunctionCall call) {
        out.println("> $(call.name) $(call.index) $(call.arguments.arrayLength)")
        behind().construct(call)
    }

    Dynamic Proxy:function(FunctionCall call) {
        Dynamic result = behind().function(call)
        char type[] = result hastype int ? "an int" : "something"
        out.println("> $(call.interfaceName) $(call.name): $type")
        return result
    }
}
