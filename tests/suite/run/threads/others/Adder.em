component provides Adder {
    void Adder:add(int n, opt int times) {
        int rounds = 1
        if (isset times) rounds = times
        for (int i = 0; i < rounds; i++) sum += n
    }
    int Adder:get() {
        return sum
    }
    int Adder:fail() {
        throw new Exception("demo", "not today")
    }
}
