// Several green threads in the same objects.
component provides App requires Cell, io.Output out {
    Cell a
    Cell b
    void work(int id) {
        for (int i = 0; i < 2; i++) {
            a.add(id)
            b.down(a, b, 1)
        }
    }
    int App:main(AppParam params[]) {
        a = new Cell()
        b = new Cell()
        Thread threads[] = new Thread[3]
        for (int i = 0; i < 3; i++) threads[i] = asynch::work(1000 * i)
        foreach (Thread t in threads) t.join()
        a.add(7)
        b.add(7)
        out.println("$(a.report()), $(b.report())")
        return 0
    }
}
