uses Person
// Descriptions of types: what they say, and that there is one per type.
// prints: Person: class 3, 4 fields
// prints: name: class 5 of class 1 flags 2 size 1
// prints: age: class 1 flags 8 size 8
// prints: weight: class 2 flags 4 size 8
// prints: friend: class 3 flags 0 size 0 (recursion)
// prints: one and the same: true true true
// prints: an array of it: true
// prints: run-time type: true
// prints: another: false
// prints: integers: 1 2 4 8
// prints: functions: println ...

component provides App requires io.Output out {
    int App:main(AppParam params[]) {
        Type t = typeof(Person)
        out.println("Person: class $(t.class), $(t.fields.arrayLength) fields")
        foreach (Field f in t.fields) {
            describe(f)
        }
        Person p = new Person("Ada", 36, 60.5)
        out.println("one and the same: $(typeof(p) === t) $(typeof(Person) === t) $(t.fields[3].type === t)")
        out.println("an array of it: $(typeof(Person[]).fields[0].type === t)")
        Person e = new Employee()
        out.println("run-time type: $(typeof(e) === typeof(Employee))")
        out.println("another: $(typeof(e) === t)")
        out.println("integers: $(typeof(byte).size) $(typeof(int16).size) $(typeof(uint32).size) $(typeof(5).size)")
        Type o = typeof(out)
        Field functions[] = o.fields[0].type.fields
        out.println("functions: $(functions[1].name) ...")
        return 0
    }

    void describe(Field f) {
        char extra[] = ""
        if (f.type.class == Type.ARRAY) {
            Type e = f.type.fields[0].type
            extra = " of class $(e.class) flags $(e.flags) size $(e.size)"
        } else {
            extra = " flags $(f.type.flags) size $(f.type.size)"
        }
        if ((int(f.flags) & Field.FLAG_RECURSION) != 0) {
            extra += " (recursion)"
        }
        out.println("$(f.name): class $(f.type.class)$extra")
    }
}
