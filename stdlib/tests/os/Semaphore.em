// Threads that wait for each other.

component provides App requires os.Semaphore, time.Timer timer, io.Output out {
    Semaphore free
    Semaphore full
    int place = 0
    int sum = 0

    void produce() {
        for (int i = 1; i <= 200; i++) {
            free.wait()
            place = i
            full.signal()
        }
    }

    void consume() {
        for (int i = 0; i < 100; i++) {
            full.wait()
            sum += place
            free.signal()
        }
    }

    int App:main(AppParam params[]) {
        free = new Semaphore()
        full = new Semaphore()
        Thread first = asynch::consume()
        Thread second = asynch::consume()
        Thread third = asynch::produce()
        timer.sleep(1)
        if (sum != 0) throw new Exception("test", "something was taken that was not there")
        free.signal()
        first.join()
        second.join()
        third.join()
        if (sum != 20100) throw new Exception("test", "the sum is $sum")
        out.println("ok")
        return 0
    }
}
