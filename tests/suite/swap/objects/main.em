// Objects made before and after a swap at 500 µs.
component provides App requires Thing, io.Output out, time.Timer timer {
    int App:main(AppParam params[]) {
        Thing first = new Thing(10)
        Thing idle = new Thing(20)
        out.println("$(first.show()) $(idle.show())")
        timer.sleepUs(1000)
        out.println(first.show())
        Thing fresh = new Thing(30)
        out.println(fresh.show())
        timer.sleep(50)
        out.println("$(first.show()) $(idle.show()) $(fresh.show())")
        return 0
    }
}
