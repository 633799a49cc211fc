// A component that takes the calls of any interface. A requirement that is wired to its
// `lang.Proxy` gets an object of it for each of its own; its calls arrive here.

uses lang.Morph

// A call whose function is known when it is made.
data FunctionCall {
    char interfaceName[]    // in full, as in `data.adt.List`
    char name[]             // of the function; the interface's name in full for the constructor
    int index               // the function's position in its interface; -1 for the constructor
    // In order. After an argument for an optional parameter comes whether it was given.
    Dynamic arguments[]
}

interface Proxy {
    transfer Morph target   // what calls are handed on to, if they are; kept when the code changes

    // A call of the interface's constructor, if it has one.
    void construct(FunctionCall call)

    // Any other call. The result must be of the type that the function has; for `void` it is not
    // looked at.
    Dynamic function(FunctionCall call)
}
