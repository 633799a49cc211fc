// Seeds that differ from run to run (and don't, in a simulated world).

interface Seed {
    int next()
}
