// The result of main is the exit code.
// exit: 42
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        if (params.arrayLength == 0) return 42
        return 1
    }
}
