// Four threads call a counter without a pause; every number must come exactly once.
component provides App requires Counter counter, Doubler doubler, io.Output out, time.Timer timer {
    const int THREADS = 4
    const int ROUNDS = 25
    int seen[] = new int[101]
    int wrong = 0

    void work(int id) {
        for (int i = 0; i < ROUNDS; i++) {
            if (doubler.twice(i) != 2 * i) wrong++
            int n = counter.next()
            if (n < 1 || n > 100) throw new Exception("test", "the counter gave $n")
            seen[n]++
            if (i % 4 == id) timer.sleepUs(id * 3)
        }
    }

    int App:main(AppParam params[]) {
        Thread threads[] = new Thread[THREADS]
        for (int i = 0; i < THREADS; i++) threads[i] = asynch::work(i)
        foreach (Thread t in threads) t.join()
        int once = 0
        foreach (int n in seen) if (n == 1) once++
        out.println("$(counter.total()) calls, $once numbers once, $wrong wrong")
        return 0
    }
}
