// Seeds from the isolate's world.

component provides util.Seed requires native host.Random random {
    int Seed:next() {
        return random.next()
    }
}
