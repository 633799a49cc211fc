uses Shape


component provides Store(AdaptEvents) {
    Shape kept[]
    void Store:put(store Shape shape) { kept = new Shape[](kept, shape) }
    Shape Store:any(int index) { return kept[index] }
    Circle Store:widest() {
        Circle best
        foreach (Shape s in kept) {
            if (!(s hastype Circle)) continue
            Circle c = Circle(s)
            if (best === null || c.radius > best.radius) best = c
        }
        return best
    }
    void Store:rename(int index) { kept[index].name = null }
    void AdaptEvents:active() { }
    void AdaptEvents:inactive() { }
}
