uses Ring
uses Bell
component provides Ear(Destructor) requires io.Output out {
    eventsink Rings(EventData e) {
        out.println("heard $(Ring(e.details).count)")
    }
    void Ear:hear(store Bell bell) {
        sinkevent Rings(bell)
    }
    void Destructor:destroy() {
        out.println("ear gone")
    }
}
