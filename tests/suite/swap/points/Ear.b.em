uses Stroke
uses Bell
component provides Ear {
    eventsink Strokes(EventData e) {
        Stroke stroke = Stroke(e.details)
        if (stroke.number != last + 1) torn = true
        last = stroke.number
        heard += 1
    }
    void Ear:listen(store Bell bell) {
        sinkevent Strokes(bell)
    }
    char[] Ear:report() {
        return "$heard, torn $torn"
    }
}
