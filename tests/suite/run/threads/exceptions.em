// join throws what ended the thread, every time it is asked.
component provides App requires io.Output out, io.ErrorOutput err {
    void fail(int n) {
        throw new Exception("late", "thread $n")
    }
    void fine() {
    }
    int App:main(AppParam params[]) {
        Thread t = asynch::fail(7)
        for (int i = 0; i < 2; i++) {
            try {
                t.join()
                out.println("joined")
            } catch (Exception e) {
                out.println("$(e.kind) $(e.message)")
            }
        }
        // prints: late thread 7
        // prints: late thread 7
        Thread f = asynch::fine()
        f.join()
        Thread none = null
        try {
            none.join()
        } catch (Exception e) {
            out.println(e.kind) // prints: null
        }
        return 0
    }
}
