// Listening keeps nothing alive; an event that waits does.
component provides App requires io.Output out, time.Timer timer, Bell, Ear {
    Bell bell
    Ear ear
    Ear other
    int App:main(AppParam params[]) {
        bell = new Bell()
        ear = new Ear()
        other = new Ear()
        ear.hear(bell)
        other.hear(bell)
        ear = null
        timer.sleep(1)
        out.println("one left")
        bell.ring()
        other = null
        bell = null
        out.println("none left")
        timer.sleep(1)
        return 0
    }
}
// prints: ear gone
// prints: one left
// prints: none left
// prints: heard 1
// prints: bell gone
// prints: ear gone
