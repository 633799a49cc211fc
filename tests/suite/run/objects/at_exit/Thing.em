component provides Thing(Destructor) requires io.Output out {
    int mine = 0
    Thing held = null

    Thing:Thing(int number, Thing inner) {
        mine = number
        held = inner
    }

    int Thing:number() {
        return mine
    }

    void Destructor:destroy() {
        out.println("gone $mine")
    }
}
