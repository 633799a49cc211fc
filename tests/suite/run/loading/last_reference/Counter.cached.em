component provides Counter(AdaptEvents) {
    int pending = 0
    void Counter:add(int n) { pending += n }
    int Counter:get() { return count + pending }
    char[] Counter:who() { return "cached" }
    void AdaptEvents:inactive() {
        count += pending
        pending = 0
    }
    void AdaptEvents:active() { pending = 0 }
}
