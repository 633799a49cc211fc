uses Counter

component provides Lever requires composition.Adapt adapt {
    IDC of
    Counter counter
    IDC to

    void Lever:prepare(store IDC from, store Counter held, store IDC next) {
        of = from
        counter = held
        to = next
    }

    bool Lever:pull() {
        return adapt.adaptObject(of, counter, to, "Counter")
    }
}
