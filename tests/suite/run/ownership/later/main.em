// What came without `store` is kept by a thread as little as by a call.

uses Shelf

component provides App requires io.Output out, Shelf shelf {
    int App:main(AppParam params[]) {
        shelf.put(new Item(1))
        try {
            shelf.look(new Item(2))
        } catch (Exception e) {
            out.println(e.kind) // prints: read-only
        }
        return 0
    }
}
