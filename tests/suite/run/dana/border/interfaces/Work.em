// The work as `.em` components see it.

interface Work {
    Work(bool works)
    uint64 divided(uint64 a, uint64 b)
    uint64 through(uint64 a, uint64 b)
    bool tried()
}

interface Divider {
    uint64 divided(uint64 a, uint64 b)
    bool noted()
}
