// The front is in one call for as long as it serves; what it requires is swapped meanwhile.
component provides App requires Front front, io.Output out {
    int App:main(AppParam params[]) {
        front.serve(80)
        out.println("served")
        return 0
    }
}
