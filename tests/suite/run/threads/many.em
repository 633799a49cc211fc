// Ten thousand threads, and busy ones that are interrupted so that others get their turn.
component provides App requires io.Output out, time.Timer timer {
    int finished = 0
    bool stop = false

    void small(int n) {
        finished += n % 2
    }

    void spin() {
        int n = 0
        while (!stop) n++
        finished++
    }

    int App:main(AppParam params[]) {
        Thread all[] = new Thread[10000]
        for (int i = 0; i < all.arrayLength; i++) all[i] = asynch::small(i)
        foreach (Thread t in all) t.join()
        out.println("$finished") // prints: 5000
        Thread a = asynch::spin()
        Thread b = asynch::spin()
        timer.sleep(2)
        stop = true
        a.join()
        b.join()
        out.println("$finished") // prints: 5002
        return 0
    }
}
