// Parameters that a call may leave out: by position, by name, through objects, own functions and
// threads.

uses Key
uses Door

component provides App requires io.Output out, Door {
    int added
    int add(int a, opt int b, opt int c) {
        if (isset c) a += 100 * c
        added = a + b
        return a + b
    }
    int only(opt Key key) { return isset key ? key === null ? 1 : key.teeth : 0 }

    int App:main(AppParam params[]) {
        Door door = new Door()
        out.println(door.open(1)) // prints: plain 1.0 1 2 nobody 0 false
        out.println(door.open(1, 5)) // prints: plain 1.0 1 5 nobody 0 true
        out.println(door.open(width = 2, who = "me")) // prints: plain 1.0 2 4 me 0 false
        Door other = new Door("red", depth = 0.5)
        out.println(other.open(3, key = new Key(7), height = 1)) // prints: red 0.5 3 1 nobody 7 true
        out.println(other.open(3, who = null)) // prints: red 0.5 3 6  7 false
        Door bare = new Door(depth = 2.5)
        out.println("$(bare.open(4, 4)) $(bare.locked()) $(bare.locked(really = false))")
        // prints: plain 2.5 4 4 nobody 0 true false true
        out.println("$(add(1)) $(add(1, 2)) $(add(1, c = 3)) $(add(b = 4, a = 1))") // prints: 1 3 301 5
        out.println("$(only()) $(only(null)) $(only(new Key(9)))") // prints: 0 1 9
        Thread t = asynch::add(1, c = 2)
        t.join()
        out.println("$added") // prints: 201
        return 0
    }
}
