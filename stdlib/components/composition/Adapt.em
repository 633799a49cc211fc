// By the runtime's own transaction and swap.

uses lang.IDC

component provides composition.Adapt requires native host.Component host, native host.Clock clock {
    const int PATIENCE_US = 2000000
    const int PAUSE_US = 200

    resource handleOf(IDC made) {
        return made === null ? null : made.handle()
    }

    bool Adapt:adaptObject(IDC ofComponent, Object object, IDC newImplementation,
            char interfaceName[]) {
        resource of = handleOf(ofComponent)
        resource to = handleOf(newImplementation)
        int begin = clock.monotonicUs()
        int done = host.adaptObject(of, object, to, interfaceName)
        while (done == 2 && clock.monotonicUs() - begin < PATIENCE_US) {
            clock.sleepUs(PAUSE_US)
            done = host.adaptObject(of, object, to, interfaceName)
        }
        return done == 1
    }

    bool Adapt:adaptRequiredInterface(IDC ofComponent, char interfaceName[], IDC toComponent,
            opt char toInterfaceName[]) {
        char provided[] = interfaceName
        if (isset toInterfaceName && toInterfaceName !== null) provided = toInterfaceName
        host.adapt(handleOf(ofComponent), interfaceName, handleOf(toComponent), provided)
        return true
    }
}
