component provides App requires io.Output out, Adder adder, Adder, time.Timer timer {
    int App:main(AppParam params[]) {
        Adder mine = new Adder()
        Thread a = asynch::adder.add(5)
        Thread b = asynch::mine.add(1, times = 10)
        Thread c = asynch::timer.sleep(2)
        a.join()
        b.join()
        c.join()
        out.println("$(adder.get()) $(mine.get())") // prints: 5 10
        Thread d = asynch::adder.fail()
        try {
            d.join()
        } catch (Exception e) {
            out.println(e.message) // prints: not today
        }
        Adder none = null
        Thread e = asynch::none.add(1)
        try {
            e.join()
        } catch (Exception x) {
            out.println(x.kind) // prints: null
        }
        return 0
    }
}
