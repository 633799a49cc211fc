// Data of any type and objects of any interface: fields, arrays, parameters, results, transfer
// state, comparing, asking for the type and going back to it.

uses Box

component provides App requires io.Output out, Box box, Desk desk, Horn {
    Data last
    Object thing

    char[] tell(Data d) {
        if (d hastype Priced) return "priced $(Priced(d).text) $(Priced(d).price)"
        if (d hastype Note) return "note $(Note(d).text)"
        if (d hastype Point) return "point $(Point(d).x)"
        return d === null ? "nothing" : "something"
    }
    char[] sound(Object o) {
        if (o hastype LoudHorn) return "$(LoudHorn(o).sound()) $(LoudHorn(o).volume())"
        if (o hastype Horn) return Horn(o).sound()
        return o === null ? "silence" : "other"
    }
    char[] failed(Data d, Object o) {
        char kinds[]
        try {
            Point(d).x = 1
        } catch (Exception e) {
            kinds = "$(e.kind): $(e.message)"
        }
        try {
            Horn(o).sound()
        } catch (Exception e) {
            kinds = "$kinds, $(e.kind): $(e.message)"
        }
        return kinds
    }
    int App:main(AppParam params[]) {
        Point p = new Point(3, 4)
        Note note = new Priced("shoes", 40)
        Data none
        Data all[] = new Data[](p, note, new Note("hi"), none, new Mutex())
        foreach (Data d in all) out.println(tell(d))
        // prints: point 3
        // prints: priced shoes 40
        // prints: note hi
        // prints: nothing
        // prints: something
        box.put(p)
        out.println("$(box.get() === p) $(box.get() == note) $(box.holds(p)) $(none == null)") // prints: true false true true
        Point(box.get()).y = 9
        out.println("$(p.y)") // prints: 9
        last = clone box.get()
        Data root = last
        Point(root).x = 30
        out.println("$(tell(last)) $(p.x) $(last === p)") // prints: point 30 3 false
        Horn horn = new Horn()
        thing = horn
        Object things[] = new Object[](thing, desk.lend(0), desk.lend(1), desk.lend(2), box)
        foreach (Object o in things) out.println(sound(o))
        // prints: toot
        // prints: toot
        // prints: TOOT 11
        // prints: silence
        // prints: other
        out.println("$(thing === horn) $(things[1] == horn) $(desk.is(horn, thing)) $(desk.is(null, desk.lend(2)))") // prints: true false true true
        out.println(failed(note, box)) // prints: cast: the record is of another type, cast: the object is of another type
        out.println(failed(none, null)) // prints: null: a value is null, null: a value is null
        mutex (all[4]) {
            out.println("locked") // prints: locked
        }
        return 0
    }
}
