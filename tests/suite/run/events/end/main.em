// What waits when main returns is dropped, and nothing of it is left.
component provides App requires io.Output out, Source source {
    eventsink Never(EventData e) {
        this.thread.wait()
        out.println("never")
    }
    int App:main(AppParam params[]) {
        sinkevent Never(source)
        source.run(3)
        out.println("over") // prints: over
        return 0
    }
}
