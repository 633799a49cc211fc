// Components that a program loads, wires and changes itself. Whoever may import this decides over
// the code and wiring of others. A resource of this interface is a loaded component or the runtime.
//
// Interfaces are named in full, as in `data.adt.List` or `Encoder:base64`, or without package.
// What does not fit, or is not there, is an Exception of kind "wiring"; what can't be loaded is one
// of kind "load".

interface Component {
    // The component that a path leads to. `wire` wires what the library has a component for.
    resource load(char path[], bool wire)

    // The component in an image.
    resource loadFrom(byte image[], bool wire)

    // The runtime: it provides what the library has a component for.
    resource runtime()

    char[] name(resource of)
    char[][] provided(resource of)

    // Natives have `native ` before their names.
    char[][] required(resource of)

    // False if somebody stands behind the requirement, and it is not paused.
    bool wire(resource of, char required[], resource to, char provided[])

    // Who stands behind a requirement, or null.
    resource provider(resource of, char required[])

    // Between these two, `wire` may choose anew; it takes effect when resumed.
    void pause(resource of, char required[])
    bool resume(resource of, char required[])

    // All objects that were made through a requirement, and those to come, are of another component
    // from now on. One transaction: if it fails, nothing has changed.
    void adapt(resource of, char required[], resource to, char provided[])

    // The same for one object: 1 when done, 0 if it is of another component than `of` (which may be
    // null) or has private state that can't move, 2 while something else moves it.
    int adaptObject(resource of, Object object, resource to, char provided[])

    // The same, the code being that of another object.
    int rewire(Object object, Object like)

    // All objects that were made through a requirement and are alive, in any order.
    Object[] objects(resource of, char required[])

    // A new object of a requirement, without its constructor being called.
    Object initObject(resource of, char required[])

    // Whether the object runs on the code that it is to run on.
    bool settled(Object object)

    // Whether a call of the running thread is in flight in the object.
    bool isInside(Object object)

    // Ends the calls that other threads have in flight in the object by an Exception of kind
    // "halted"; says how many threads that are.
    int halt(Object object)

    bool same(Object a, Object b)
    bool hasTransferState(Object object)

    // System, processor, and what each component image begins with; version of the image form, and
    // major and minor version of Em.
    char[][] platform()
    int[] versions()

    // Whether a path leads to a component, and what that provides.
    char[][] providedBy(char path[])

    // Where the library is, where else components are looked for, and who provides what.
    char[] home()
    char[][] searchPaths()
    char[][] interfaces()
    char[][] components(char interfaceName[])
}
