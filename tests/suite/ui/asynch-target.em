component provides App requires io.Output out {
    void work() { }
    int App:main(AppParam params[]) {
        Thread t = asynch::wrok()
        t = asynch::println("x")
        t.join()
        return 0
    }
}
