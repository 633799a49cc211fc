// Its thread is made anew on the other side of a swap.
component provides Worker(AdaptEvents) requires io.Output out {
    Thread thread
    bool stop

    void run() {
        while (true) {
            this.thread.wait()
            if (stop) return
            done++
        }
    }

    void Worker:begin() {
        thread = asynch::run()
    }
    void Worker:work() {
        thread.signal()
    }
    int Worker:finished() {
        return done
    }
    void AdaptEvents:inactive() {
        stop = true
        thread.signal()
        thread.join()
        out.println("a stops at $done")
    }
    void AdaptEvents:active() {
        thread = asynch::run()
    }
}
