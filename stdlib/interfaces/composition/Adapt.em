// Changes which component stands behind a requirement, or what a single object is made of, while
// the program runs. No call is lost: calls in flight end on the old code, later ones use the new. A
// change may come from within a call of what is changed. What does not fit is an Exception of kind
// "wiring", and nothing has changed then.

uses lang.IDC

interface Adapt {
    // False if the object is of another component, or has private state that can't move.
    bool adaptObject(IDC ofComponent, Object object, IDC newImplementation, char interfaceName[])

    // All objects that `ofComponent` has through the requirement are of `toComponent` from now on.
    bool adaptRequiredInterface(IDC ofComponent, char interfaceName[], IDC toComponent,
        opt char toInterfaceName[])
}
