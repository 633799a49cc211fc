// What a string may hold between its quotes.
component provides App requires io.Output out {
    char[] name(char a[], int n) {
        return "$a#$n"
    }
    int App:main(AppParam params[]) {
        int n = 42
        char text[] = "text"
        bool yes = true
        char letter = 'x'
        float half = 0.5
        uint8 small = 200
        out.println("$n $text $yes $letter $half $small") // prints: 42 text true x 0.5 200
        out.println("$(n + 1)|$(n * 2)|$(text)") // prints: 43|84|text
        out.println("$(name("a", 1))$(name("b$n", n + 1))") // prints: a#1b42#43
        out.println("cost: \$5, \"quoted\", back\\slash") // prints: cost: $5, "quoted", back\slash
        out.println("$(n > 3 ? "more" : "less")") // prints: more
        char none[] = null
        out.println("[$none]") // prints: []
        out.println("$n$n$(n)x") // prints: 424242x
        out.println("tab\x41\x42 $(int('\n'))") // prints: tabAB 10
        return 0
    }
}
