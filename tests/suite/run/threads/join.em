// Threads share the object's state; join waits for them.
component provides App requires io.Output out, time.Timer timer {
    int done[] = new int[8]
    int total = 0

    void work(int i, int rounds) {
        for (int k = 0; k < rounds; k++) {
            total++
            if (k % 3 == 0) timer.sleepUs(i)
        }
        done[i] = rounds
    }

    int App:main(AppParam params[]) {
        Thread threads[] = new Thread[8]
        for (int i = 0; i < 8; i++) threads[i] = asynch::work(i, 10 + i)
        foreach (Thread t in threads) t.join()
        int sum = 0
        foreach (int d in done) sum += d
        out.println("$sum $total") // prints: 108 108
        threads[0].join()
        Thread quick = asynch::work(0, 1)
        quick.join()
        out.println("$(done[0])") // prints: 1
        return 0
    }
}
