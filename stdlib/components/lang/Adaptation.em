// By the runtime's own swap.

uses lang.IDC

component provides lang.Adaptation requires lang.IDC, native host.Component host,
        native host.Clock clock {
    const int PATIENCE_US = 2000000
    const int PAUSE_US = 200

    IDC Adaptation:getIDC() {
        return new IDC(host.runtime())
    }

    bool Adaptation:halt(IDC ofComponent, Object object) {
        return host.halt(object) > 0
    }

    Object Adaptation:rewireObject(Object object, Object newObject) {
        int begin = clock.monotonicUs()
        while (host.rewire(object, newObject) == 2 && clock.monotonicUs() - begin < PATIENCE_US) {
            clock.sleepUs(PAUSE_US)
        }
        return object
    }

    bool Adaptation:pauseObject(IDC ofComponent, Object object) {
        return object !== null
    }

    void Adaptation:resumeObject(Object object) {
    }

    void Adaptation:waitForObject(Object object) {
        int begin = clock.monotonicUs()
        while (!host.settled(object) && !host.isInside(object)
                && clock.monotonicUs() - begin < PATIENCE_US) {
            clock.sleepUs(PAUSE_US)
        }
    }

    void Adaptation:waitForObjectThreads(Object object) {
        waitForObject(object)
    }

    bool Adaptation:equalObjectReference(Object a, Object b) {
        return host.same(a, b)
    }
}
