// A destructor runs once, soon after the last reference has gone.
component provides App requires Thing, io.Output out, time.Timer timer {
    Thing kept = null

    void use() {
        Thing t = new Thing(1, null)
        Thing same = t
        out.println("use $(same.number())") // prints: use 1
    }

    void fill(Thing many[]) {
        many[1] = new Thing(11, null)
        many[2] = new Thing(10, null)
    }

    void keep(int number) {
        kept = new Thing(number, null)
    }

    int App:main(AppParam params[]) {
        use()
        timer.sleep(1)
        // prints: gone 1
        out.println("after use") // prints: after use
        Thing outer = new Thing(2, new Thing(3, null))
        outer = null
        timer.sleep(1)
        // prints: gone 2
        // prints: gone 3
        Thing many[] = new Thing[3]
        fill(many)
        many[1] = null
        timer.sleep(1)
        // prints: gone 11
        keep(99)
        many = null
        timer.sleep(1)
        // prints: gone 10
        kept = null
        timer.sleep(1)
        // prints: gone 99
        return 0
    }
}
