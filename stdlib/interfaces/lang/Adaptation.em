// What a program may do to objects that run, whoever made them. In Dana sources these functions are
// called as `dana.NAME(...)` without being required.

uses lang.IDC

interface Adaptation {
    // The runtime as a component: it provides what the library has a component for.
    IDC getIDC()

    // Ends the calls that other threads have in flight in the object, by an Exception of kind
    // "halted" in each as soon as its thread may be suspended. Says whether there were any.
    bool halt(IDC ofComponent, Object object)

    // Has the object be of the code of another one, by the runtime's own swap: calls in flight end
    // on the old code, `inactive` and `active` are called, transfer state moves. Gives the object.
    Object rewireObject(Object object, Object newObject)

    // The runtime holds calls by itself where it must: this says whether there is such an object.
    bool pauseObject(IDC ofComponent, Object object)
    void resumeObject(Object object)

    // Wait until the object runs on the code that it is to run on: for two seconds at most, and not
    // at all from within a call of it.
    void waitForObject(Object object)
    void waitForObjectThreads(Object object)

    // Whether two references are to one object.
    bool equalObjectReference(Object a, Object b)
}
