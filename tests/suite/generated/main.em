// Calls a generated program and tells what came of it.

component provides App requires Generated program, io.Output out {
    void call(int input) {
        try {
            int result = program.run(input)
            out.println("$input gives $result")
        } catch (Exception e) {
            out.println("$input throws $(e.kind): $(e.message)\n$(e.trace)")
        }
    }

    int App:main(AppParam params[]) {
        call(1)
        call(-7)
        call(1)
        return 0
    }
}
