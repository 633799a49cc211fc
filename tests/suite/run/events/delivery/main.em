// Each event reaches each sink once, in the order of emission, one after the other.
uses Press
component provides App requires io.Output out, Button {
    char seen[] = ""
    int inside = 0
    Thread boss
    eventsink Presses(EventData e) {
        inside++
        if (inside > 1) seen += "?"
        Button button = Button(e.source)
        if (e.type == Button.[pressed]) {
            Press press = Press(e.details)
            seen += "$(press.count) "
        }
        if (e.type == Button.[broken]) {
            seen += "broken "
            boss.signal()
        }
        if (e.type == Button.[broken] && e.details !== null) seen += "?"
        if (button === null) seen += "?"
        inside--
    }
    eventsink Other(EventData e) {
        if (e.type == Button.[broken]) boss.signal()
        else seen += "o "
    }
    eventsink Failing(EventData e) {
        boss.signal()
        throw new Exception("demo", "from a sink")
    }
    void wait(int count) {
        for (int i = 0; i < count; i++) this.thread.wait()
    }
    int App:main(AppParam params[]) {
        boss = this.thread
        Button button = new Button()
        button.press(1)
        sinkevent Presses(button)
        sinkevent Presses(button)
        button.press(3)
        button.smash()
        wait(1)
        out.println(seen) // prints: 1 2 3 broken 
        seen = ""
        sinkevent Other(button)
        button.press(2)
        button.smash()
        wait(2)
        out.println(seen) // prints: 1 o 2 o broken 
        seen = ""
        button.press(1)
        stopevent Presses(button)
        stopevent Presses(button)
        button.press(1)
        button.smash()
        wait(1)
        out.println(seen) // prints: o o 
        stopevent Other(button)
        sinkevent Failing(button)
        button.press(2)
        wait(2)
        try {
            Button none = null
            sinkevent Failing(none)
        } catch (Exception e) {
            out.println(e.kind) // prints: null
        }
        return 0
    }
}
