// Gives results of other types than the functions have.

component provides lang.Proxy {
    void Proxy:construct(FunctionCall call) {
    }

    Dynamic Proxy:function(FunctionCall call) {
        return "much"
    }
}
