// A loaded component: what Loader gives, and what `new T() from component` makes objects of.
// Interfaces are named in full, as in `data.adt.List`, or without their package.

data InterfaceSpec {
    char alias[]            // its name
    char package[]
    char variant[]          // empty if it is none
    const byte F_NATIVE = 1
    byte flags
}

interface IDC {
    transfer resource loaded

    IDC(resource made)

    // The runtime's own handle.
    resource handle()

    char[] getName()

    // Puts a component behind a requirement. False if somebody stands there already.
    bool wire(char reqIntf[], IDC com, char proIntf[])

    InterfaceSpec[] getProvides()
    InterfaceSpec[] getRequires()
    bool hasProvides(char proIntf[])
    bool hasRequires(char reqIntf[])
    bool isConnected(char reqIntf[])

    // Null if nobody stands behind the requirement.
    IDC getComponent(char reqIntf[])

    // Between these two, a requirement may be wired anew; that takes effect when it is resumed.
    // False if it has no such requirement, or was not paused.
    bool pause(char reqIntf[])
    bool resume(char reqIntf[])

    // All objects that were made through the requirement and are alive, in any order.
    Object[] getObjects(char reqIntf[])

    // A new object of a requirement, without its constructor being called.
    Object initObject(char reqIntf[])

    // Whether the object's interface has state that moves at a swap.
    bool hasTransferState(Object o)
}
