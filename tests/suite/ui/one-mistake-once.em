component provides App requires io.Output out, data.StringUtils su, io.File files {
    int App:main(AppParam params[]) {
        out.println(su.trim("a"))
        out.println(su.trim("b"))
        int a = b + b
        if x == 1 { out.println("$a") }
        ++a
        out.println("$x")
        return a
    }
    int half(int a) {
        int a = 2
        return a / 2
    }
}
