// What `throw` throws. Faults of the language have the kinds null, bounds, divide-by-zero, length,
// stack-overflow, out-of-memory, cast, io, cancelled and read-only; programs make their own.

data Exception {
    char kind[]
    char message[]
    char trace[]        // filled in where it is thrown
}
