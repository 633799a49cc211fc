// Signals are counted, go to who came first, and threads are values.
component provides App requires io.Output out, time.Timer timer {
    char log[] = ""
    Thread self = null

    void worker(Thread boss, int n) {
        log += "$n"
        boss.signal()
    }

    void waits(Thread of, char name[]) {
        of.wait()
        log += name
    }

    void known() {
        self = this.thread
        this.thread.wait()
        log += "k"
    }

    int App:main(AppParam params[]) {
        Thread me = this.thread
        Thread a = asynch::worker(me, 1)
        Thread b = asynch::worker(this.thread, 2)
        me.wait()
        this.thread.wait()
        out.println("$log $(me == this.thread) $(a == b) $(a === a)") // prints: 12 true false true
        Thread all[] = new Thread[](a, b)
        foreach (Thread t in all) t.join()
        log = ""
        Thread first = asynch::waits(me, "a")
        timer.sleep(1)
        Thread second = asynch::waits(me, "b")
        timer.sleep(1)
        me.signal()
        me.signal()
        first.join()
        second.join()
        out.println(log) // prints: ab
        a.signal()
        a.wait()
        Thread k = asynch::known()
        k.signal()
        k.join()
        out.println("$log $(self == k) $(k != me)") // prints: abk true true
        Thread none = null
        try {
            none.join()
        } catch (Exception e) {
            out.println(e.kind) // prints: null
        }
        try {
            none.signal()
        } catch (Exception e) {
            out.println(e.kind) // prints: null
        }
        return 0
    }
}
