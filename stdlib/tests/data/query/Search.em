// Every search by hand: what is found, in which order, and as arrays of which type. Fields of types
// are as good as any data.

uses data.query.Group

component provides App requires data.query.Search search, io.Output out {
    void check(bool holds, char what[]) {
        if (!holds) throw new Exception("test", what)
    }

    Field[] fields() {
        Field blue = new Field(null, "blue", 1)
        Field last = new Field(null, "green", 4)
        return new Field[](blue, new Field(null, "red", 2), null, new Field(null, "blue", 3), last)
    }

    void finds() {
        Field all[] = fields()
        Field blue[] = Field[](search.find(all, Field.[name], new Field(name = "blue")))
        check(blue.arrayLength == 2 && blue[0] === all[0] && blue[1] === all[3], "find")
        check(search.find(all, Field.[flags], new Field(flags = 9)) === null, "find nothing")
        check(search.findFirst(all, Field.[flags], new Field(flags = 2)) === all[1], "first")
        check(search.findFirst(all, Field.[flags], new Field(flags = 9)) === null, "no first")
        check(search.findFirst(null, Field.[flags], new Field(flags = 9)) === null, "first of null")
        uint64 at[] = search.findIndex(all, Field.[name], new Field(name = "blue"))
        check(at.arrayLength == 2 && at[0] == 0 && at[1] == 3, "positions")
        check(search.findFirstIndex(all, Field.[flags], new Field(flags = 4)) == 4, "position")
        uint64 none = search.findFirstIndex(all, Field.[flags], new Field(flags = 9))
        check(none == Search.NOT_FOUND, "none")
    }

    void groups() {
        Field all[] = fields()
        Field twice[] = Field[](search.findDuplicates(all, Field.[name]))
        check(twice.arrayLength == 1 && twice[0] === all[0], "duplicates")
        check(search.findDuplicates(all, Field.[flags]) === null, "no duplicates")
        Group found[] = search.groupBy(all, Field.[name])
        check(found.arrayLength == 3, "groups")
        Field blue[] = Field[](found[0].cells)
        check(blue.arrayLength == 2 && blue[1] === all[3], "first group")
        check(found[1].cells[0] === all[1] && found[2].cells[0] === all[4], "other groups")
        check(search.groupBy(new Field[0], Field.[flags]) === null, "no groups")
    }

    // An array that is declared as one of data gives what it was made for.
    void types() {
        Data loose[] = new Data[](fields())
        Field red[] = Field[](search.find(loose, Field.[name], new Field(name = "red")))
        check(red.arrayLength == 1, "of the template's type")
        Group first = search.groupBy(loose, Field.[flags])[0]
        check(!(first.cells hastype Field[]), "of the list's type")
    }

    int App:main(AppParam params[]) {
        finds()
        groups()
        types()
        out.println("ok")
        return 0
    }
}
