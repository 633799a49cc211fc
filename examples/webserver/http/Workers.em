// A lane is a lock: who holds it is being answered, the others wait for it in order.

uses http.Get
uses http.Request
uses http.Served
uses net.TCPSocket

component provides http.Workers {
    void prepare() {
        if (waiting !== null) return
        lanes = new Mutex[Workers.LANES]
        for (int i = 0; i < Workers.LANES; i++) lanes[i] = new Mutex()
        waiting = new int[Workers.LANES]
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
