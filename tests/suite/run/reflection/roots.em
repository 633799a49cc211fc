// Data of any type: fields by name of any record, and records that fit a type by their fields.
// prints: kind name
// prints: Exception: 3 fields, App it is not
// prints: second bounds
// prints: Type true, Exception false
// prints: inner made: x

uses lang.Type

component provides App requires io.Output out {
    char[] first(Data d) {
        char text[] = d:.0
        return text
    }

    int App:main(AppParam params[]) {
        Data d = new Exception("kind", "name")
        char message[] = d:.1
        out.println("$(first(d)) $message")
        Type t = typeof(d)
        out.println("Exception: $(t.fields.arrayLength) fields, App it is not")
        Data e = new Data() from t
        e:.0 = "bounds"
        out.println("second $(first(e))")
        out.println("Type $(d hastype Exception), Exception $(d hastype Type)")
        Type inner = new Type(Type.DATA, 0, 0, new Field[](new Field(typeof(char[]), "a")))
        Type outer = new Type(Type.DATA, 0, 0, new Field[](new Field(inner, "in")))
        Data o = new Data() from outer
        Data i = new Data() from inner
        i:.0 = "x"
        o:.0 = i
        Data back = o:.0
        out.println("inner made: $(first(back))")
        return 0
    }
}
