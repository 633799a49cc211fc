// What types of parameters and results allow.
// proves: new: pure, transparent
// proves: numbers: pure, transparent
// proves: text: pure, transparent
// proves: item: pure, transparent
// proves: object: pure, local: `file` is an object
// proves: inside: pure, local: `doors` holds an object (`Door.file`)
// proves: lock: pure, local: `guarded` holds a lock (`Guarded.lock`)
// proves: any: pure, local: `data` is data of any type
// proves: type: pure, local: `type` is the description of a type
// proves: thread: pure, local: its result is a thread
// proves: nested: pure, transparent
uses Items

component provides Signatures {
    int Signatures:numbers(int a, float b, bool c, dec d) {
        return a
    }
    char[] Signatures:text(char text[], char texts[][]) {
        return "text"
    }
    void Signatures:item(Item item) { }
    void Signatures:object(io.File file) { }
    void Signatures:inside(Door doors[]) { }
    void Signatures:lock(Guarded guarded) { }
    void Signatures:any(Data data) { }
    void Signatures:type(Type type) { }
    Thread Signatures:thread() {
        return null
    }
    int[][] Signatures:nested(byte bytes[], Item items[]) {
        return new int[][](new int[](1, 2))
    }
}
