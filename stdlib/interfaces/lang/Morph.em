// An object of an interface that is not known when the program is compiled: of what the requirement
// `lang.Morph` is wired to. It is made with the `Morph`, or by `construct` if it has a constructor.

uses lang.FunctionCall

interface Morph {
    void construct(FunctionCall call)

    // Makes the call of the position, and gives its result; null for `void`.
    Dynamic function(FunctionCall call)
}
