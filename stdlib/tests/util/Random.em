// Random numbers: the same for the same seed, in range, and not obviously uneven.

component provides App requires util.Random, io.Output out {
    int checks = 0

    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
        checks++
    }

    int App:main(AppParam params[]) {
        Random one = new Random(1)
        Random same = new Random(1)
        Random other = new Random(2)
        int equal = 0
        for (int i = 0; i < 100; i++) {
            int value = one.bits()
            check(value == same.bits(), "the same seed gives other numbers")
            if (value == other.bits()) equal++
        }
        check(equal == 0, "another seed gives the same numbers")
        int counts[] = new int[10]
        for (int i = 0; i < 10000; i++) counts[one.next(10)] += 1
        foreach (int count in counts) check(count > 850 && count < 1150, "$count of 1000")
        float sum = 0.0
        for (int i = 0; i < 1000; i++) {
            float value = one.nextFloat()
            check(value >= 0.0 && value < 1.0, "a float out of range")
            sum += value
        }
        check(sum > 450.0 && sum < 550.0, "floats are uneven")
        bool refused = false
        try {
            one.next(0)
        } catch (Exception e) {
            refused = e.kind == "bounds"
        }
        check(refused, "a number below 0 is drawn")
        Random reference = new Random(0)
        check(reference.bits() == -2152535657050944081, "not SplitMix64")
        out.println("ok $checks")
        return 0
    }
}
