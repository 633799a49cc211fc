// `x.f(a)` on a value means `r.f(x, a)` for the one required interface with such a function.
component provides App requires data.StringUtil su, data.IntUtil iu, io.Output out {
    int App:main(AppParam params[]) {
        char text[] = "  Some Words  "
        out.println("[$(text.trim())]") // prints: [Some Words]
        out.println(text.trim().uppercase()) // prints: SOME WORDS
        out.println("$("a,b,c".explode(",").arrayLength)") // prints: 3
        out.println("$(text.contains("Words")) $(text.find("o", 0))") // prints: true 3
        return 0
    }
}
