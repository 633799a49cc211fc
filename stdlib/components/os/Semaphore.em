// Who waits stands in a line, and is signalled when it is its turn.

component provides os.Semaphore {
    Mutex guard = new Mutex()

    Semaphore:Semaphore() {
    }

    void Semaphore:wait() {
        bool waits = false
        mutex (guard) {
            if (count > 0) {
                count -= 1
            } else {
                line = new Thread[](line, this.thread)
                waits = true
            }
        }
        if (waits) this.thread.wait()
    }

    void Semaphore:signal() {
        Thread next = null
        mutex (guard) {
            if (line.arrayLength == 0) {
                count++
            } else {
                next = line[0]
                line = line.slice(1, line.arrayLength)
            }
        }
        if (next !== null) next.signal()
    }
}
