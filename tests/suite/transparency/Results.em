// What a result may share, and what a function may touch.
// proves: new: pure, transparent
// proves: fresh: pure, transparent
// proves: own: reads, local: its result may be shared with others
// proves: ownText: reads, local: its result may be shared with others
// proves: copyOfText: reads, transparent
// proves: copyOfOwn: reads, local: its result may be shared with others
// proves: sharesPart: changes, local: its result may be shared with others
// proves: throwsOwn: reads, local: its exception may be shared with others
// proves: read: reads, transparent
// proves: set: sets, transparent
// proves: add: changes, transparent
// proves: next: changes, local: it uses the static field `last`
// proves: greeting: pure, transparent
// proves: count: pure, transparent
// proves: root: pure, transparent
// proves: now: changes, local: it reaches the machine through host.Clock.wallMs
uses Items

component provides Results requires native host.Float maths, native host.Clock clock {
    static int last = 0
    static int limit = 7
    static char word[] = "hello"
    Item first
    char text[]
    Exception problem
    int step = 3

    Item Results:fresh() {
        return new Item("one", 1, new Item())
    }
    Item Results:own() {
        return first
    }
    char[] Results:ownText() {
        return text
    }
    char[] Results:copyOfText() {
        return clone text
    }
    Item Results:copyOfOwn() {
        return clone first
    }
    Item Results:sharesPart() {
        Item made = new Item()
        first.next = made
        return made
    }
    void Results:throwsOwn() {
        throw problem
    }
    int Results:read() {
        return total + step
    }
    void Results:set(int to) {
        total = to * step
        first = new Item()
        text = "$to"
        problem = new Exception()
    }
    int Results:add(int by) {
        total += by
        return total
    }
    int Results:next() {
        last++
        return last
    }
    char[] Results:greeting() {
        return "good " + word
    }
    int Results:count() {
        return limit + step
    }
    float Results:root(float of) {
        return maths.sqrt(of)
    }
    int Results:now() {
        return clock.wallMs()
    }
}
