// Static state stays behind at a swap; so it does when the component comes back.
component provides Tally {
    static int shared = 10
    char[] Tally:count() {
        shared++
        calls++
        return "b $shared $calls"
    }
}
