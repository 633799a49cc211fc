// A lane is a lock: who holds it is being answered, the others wait for it in order.

uses http.Get
uses http.Request
uses http.Served
uses net.TCPSocket

component provides http.Workers {
    // Two threads may come first at the same time: the lanes of one of them are used by both.
    void prepare() {
        if (waiting !== null) return
        Mutex made[] = new Mutex[Workers.LANES]
        for (int i = 0; i < Workers.LANES; i++) made[i] = new Mutex()
        int counts[] = new int[Workers.LANES]
        if (waiting === null) {
            lanes = made
            waiting = counts
        }
    }

    int shortest() {
        int best = 0
        for (int i = 1; i < Workers.LANES; i++) {
            if (waiting[i] < waiting[best]) best = i
        }
        return best
    }

    Served Workers:run(Get get, Request request, TCPSocket client) {
        prepare()
        int lane = shortest()
        waiting[lane] += 1
        Served served = null
        try {
            mutex (lanes[lane]) {
                served = get.respond(request, client)
            }
        } catch (Exception e) {
            waiting[lane] -= 1
            throw e
        }
        waiting[lane] -= 1
        return served
    }
}
