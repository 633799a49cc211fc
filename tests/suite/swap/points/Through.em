// Hands every call on.
component provides lang.Proxy requires lang.Morph {
    Morph behind() {
        if (target === null) target = new Morph()
        return target
    }
    void Proxy:construct(FunctionCall call) {
        behind().construct(call)
    }
    Dynamic Proxy:function(FunctionCall call) {
        return behind().function(call)
    }
}
