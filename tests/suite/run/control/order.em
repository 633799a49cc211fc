// Left to right; the right side of && and || and one side of ?: only when needed.
component provides App requires io.Output out {
    char log[] = null
    int n(int x) {
        log += "$x"
        return x
    }
    bool b(bool x) {
        log += x ? "t" : "f"
        return x
    }
    int three(int a, int b, int c) {
        return a * 100 + b * 10 + c
    }
    int App:main(AppParam params[]) {
        out.println("$(three(n(1), n(2), n(3))) $log") // prints: 123 123
        log = ""
        bool r = b(false) && b(true) || b(true) && b(false)
        out.println("$r $log") // prints: false ftf
        log = ""
        int v = b(true) ? n(4) : n(5)
        out.println("$v $log") // prints: 4 t4
        log = ""
        v = n(6) + n(7) * n(8) - n(9)
        out.println("$v $log") // prints: 53 6789
        log = ""
        int a[] = new int[10]
        a[n(3)] = n(4) + a[n(3)]
        out.println("$(a[3]) $log") // prints: 4 343
        log = ""
        a[n(2)] += n(5)
        out.println("$(a[2]) $log") // prints: 5 25
        return 0
    }
}
