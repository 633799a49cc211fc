uses Ring
component provides Bell(Destructor) requires io.Output out {
    void Bell:ring() {
        emitevent rung(new Ring(1))
    }
    void Bell:done() { }
    void Destructor:destroy() {
        emitevent rung(new Ring(2))
        out.println("bell gone")
    }
}
