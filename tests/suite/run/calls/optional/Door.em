uses Key

component provides Door(AdaptEvents) {
    char paint[] = "plain"
    float deep = 1.0
    Key last

    Door:Door(opt char colour[], opt float depth) {
        if (isset colour) paint = clone colour
        if (isset depth) deep = depth
    }
    char[] Door:open(int width, opt int height, opt char who[], opt store Key key) {
        if (!isset height) height = width * 2
        if (isset key) last = key
        char by[] = isset who ? who : "nobody"
        int teeth = last === null ? 0 : last.teeth
        return "$paint $deep $width $height $by $teeth $(isset height)"
    }
    bool Door:locked(opt bool really) { return isset really && !really }
    void AdaptEvents:active() { }
    void AdaptEvents:inactive() { }
}
