// A variable keeps its object until it gets another value or its function ends, even if nothing
// asks the object any more; its destructor has run when the next function is called.
component provides App requires Guard, Maker maker, io.Output out {
    void guarded() {
        Guard g = new Guard("a")
        out.println("work")
    }

    void replaced() {
        Guard g = new Guard("b")
        out.println("first")
        g = maker.make("c")
        out.println("second")
    }

    char[] asked() {
        Guard g = new Guard("d")
        Guard other = g
        return other.name()
    }

    void shown(Guard g, char text[]) {
        out.println(text)
    }

    Guard passed(bool fails) {
        Guard lost = new Guard("lost")
        Guard kept = new Guard("kept")
        if (fails) throw new Exception("fails")
        return kept
    }

    void chosen(bool second) {
        Guard g = second ? new Guard("yes") : maker.make("no")
        out.println("chosen")
    }

    int App:main(AppParam params[]) {
        guarded()
        out.println("then")
        replaced()
        out.println(asked())
        for (int i = 0; i < 2; i++) {
            Guard g = new Guard("loop $i")
            out.println("turn $i")
        }
        shown(new Guard("temporary"), "shown")
        chosen(true)
        chosen(false)
        try {
            passed(true)
        } catch (Exception e) {
            out.println(e.kind)
        }
        Guard kept = passed(false)
        out.println("end")
        return 0
    }
}
// prints: work
// prints: a gone
// prints: then
// prints: first
// prints: b gone
// prints: second
// prints: c gone
// prints: d gone
// prints: d
// prints: turn 0
// prints: loop 0 gone
// prints: turn 1
// prints: shown
// prints: temporary gone
// prints: chosen
// prints: yes gone
// prints: chosen
// prints: no gone
// prints: lost gone
// prints: kept gone
// prints: fails
// prints: lost gone
// prints: end
// prints: loop 1 gone
// prints: kept gone
