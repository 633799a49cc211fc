// One argument of a program.

data AppParam {
    char string[]
}
