component provides Counter {
    void Counter:add(int n) { count += n }
    int Counter:get() { return count }
    char[] Counter:who() { return "plain" }
}
