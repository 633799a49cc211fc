// Calls that are in flight in an object are ended by an exception in each; the object lives on.
// prints: nothing to halt: false
// prints: halting: true
// prints: halted
// prints: it still answers: true
uses lang.IDC
uses Worker

component provides App requires Loader loader, lang.Adaptation adaptation, time.Timer timer,
        io.Output out {
    Worker worker

    void run() {
        try {
            worker.work()
        } catch (Exception e) {
            out.println(e.kind)
        }
    }

    int App:main(AppParam params[]) {
        IDC workers = loader.load("Worker")
        worker = new Worker() from workers
        out.println("nothing to halt: $(adaptation.halt(workers, worker))")
        Thread running = asynch::run()
        while (worker.done() < 3) timer.sleep(1)
        out.println("halting: $(adaptation.halt(workers, worker))")
        running.join()
        out.println("it still answers: $(worker.done() >= 3)")
        return 0
    }
}
