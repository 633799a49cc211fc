component provides Part(AdaptEvents) requires io.Output out {
    int Part:use() {
        out.println("failing is used")
        return 0
    }
    void AdaptEvents:inactive() {
        out.println("failing inactive")
    }
    void AdaptEvents:active() {
        count = -1
        text = "spoilt"
        throw new Exception("test", "it does not want to")
    }
}
