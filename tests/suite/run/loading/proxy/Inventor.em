// Has no object behind it.

component provides lang.Proxy requires io.Output out {
    void Proxy:construct(FunctionCall call) {
        char owner[] = call.arguments[0]
        out.println("nobody opens anything for $owner")
    }

    Dynamic Proxy:function(FunctionCall call) {
        if (call.name == "balance") return 1000000
        if (call.name == "owner") return "nobody"
        return null
    }
}
