// Threads that go through objects, and come back to some; every step is said.
component provides App requires Traced, io.Output out, time.Timer timer {
    Traced all[] = new Traced[3]
    void work(int id) {
        for (int i = 0; i < 3; i++) {
            int to = (id + i) % 3
            timer.sleepUs(id * i * 11)
            out.print("c $id $to\n")
            all[to].visit(all, id, to, i)
        }
    }
    int App:main(AppParam params[]) {
        for (int i = 0; i < 3; i++) all[i] = new Traced()
        Thread threads[] = new Thread[3]
        for (int i = 0; i < 3; i++) threads[i] = asynch::work(i)
        foreach (Thread t in threads) t.join()
        out.print("n $(all[0].count() + all[1].count() + all[2].count())\n")
        return 0
    }
}
