// Loads components into the running program. A path names a component of the library or of the
// project, as in `data/adt/List.array`, or an image; `data/adt/List` is the first variant of
// `data.adt.List`, and an ending `.o` stands for `.emo`. What can't be loaded is an Exception of
// kind "load".

uses lang.IDC

interface Loader {
    // Requirements that the library has a component for are wired to it, unless `noAutoWire`.
    IDC load(char path[], opt bool noAutoWire)

    // The component in an image.
    IDC loadFrom(byte objectFile[], opt bool noAutoWire)
}
