uses Box
component provides Desk requires Horn horn, LoudHorn loud {
    Object Desk:lend(int which) {
        if (which == 0) return horn
        if (which == 1) return loud
        return null
    }
    bool Desk:is(Object a, Object b) { return a === b }
}
