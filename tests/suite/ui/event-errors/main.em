component provides App requires Lamp lamp {
    eventsink Lights(EventData e) { }
    eventsink Wrong(int number) { }
    eventsink None() { }
    int App:main(AppParam params[]) {
        sinkevent Lihgts(lamp)
        sinkevent Lights(params)
        stopevent Lights()
        Lights(null)
        asynch::Lights(null)
        emitevent lit()
        return 0
    }
}
