uses Counter

component provides Sum requires Counter counter, Counter {
    int Sum:add(int times) {
        int sum = 0
        for (int i = 0; i < times; i++) sum += counter.next()
        return sum
    }

    Counter Sum:other() {
        return new Counter()
    }
}
