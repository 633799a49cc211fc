component provides Traced requires io.Output out, time.Timer timer {
    Mutex lock = new Mutex()
    void Traced:visit(Traced all[], int thread, int own, int depth) {
        out.print("b $thread $own b\n")
        mutex (lock) {
            visits++
        }
        timer.sleepUs((thread * 7 + own * 3) % 5)
        if (depth > 0) {
            int next = (own + 3 - depth) % 3
            out.print("c $thread $next\n")
            all[next].visit(all, thread, next, depth - 1)
        }
        out.print("e $thread $own b\n")
    }
    int Traced:count() {
        return visits
    }
}
