// `==` compares the content of strings, `===` which array it is.
component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        char a[] = "abc"
        char b[] = new char[](a)
        char none[] = null
        char empty[] = ""
        out.println("$(a == b) $(a === b) $(a != b) $(a !== b)") // prints: true false false true
        out.println("$(a == "abd") $(a == "ab")") // prints: false false
        out.println("$(none == null) $(empty == null) $(none == empty)") // prints: true true true
        out.println("$(none === null) $(empty === null)") // prints: true false
        b[1] = 'x'
        out.println("$a $b $(a == b)") // prints: abc axc false
        int p[] = new int[](1, 2, 3)
        int q[] = new int[](1, 2, 3)
        out.println("$(p == q) $(p === q)") // prints: true false
        q[2] = 4
        out.println("$(p == q)") // prints: false
        return 0
    }
}
