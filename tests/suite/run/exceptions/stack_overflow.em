// Calls nested too deeply are an exception like any other, and the program goes on.
component provides App requires io.Output out {
    int depth = 0
    int down(int n) {
        depth++
        return down(n + 1) + 1
    }
    int App:main(AppParam params[]) {
        for (int i = 0; i < 3; i++) {
            depth = 0
            try {
                down(0)
            } catch (Exception e) {
                out.println("$(e.kind): $(e.message) $(depth > 500)")
            }
        }
        // prints: stack-overflow: calls are nested too deeply true
        // prints: stack-overflow: calls are nested too deeply true
        // prints: stack-overflow: calls are nested too deeply true
        return 0
    }
}
