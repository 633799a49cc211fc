// Each mistake is told once, and what depends on it stays silent.
component provides App requires io.Output out {
    int broken(Unknown x) {
        return x.value + x.other.more[3]
    }
    int App:main(AppParam params[]) {
        int a = undefined + 1
        int b = a * undefined.field
        out.println("$(missing.text) and $a")
        b = broken(nothing)
        return "no"
    }
}
