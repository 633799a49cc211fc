// Fields by selector and by position: reading, writing, comparing, and what is refused.
// prints: name Ada
// prints: age 36
// prints: at 0 Ada
// prints: inherited Ada, own 9
// prints: written Grace 85
// prints: equal false true
// prints: order true false true
// prints: marks 3, second 20, then 21
// prints: hastype int true, char[] false
// prints: a byte as int: 7
// prints: cast: the value is of another type
// prints: cast: the value is of another type
// prints: null: a value is null
// prints: field: the record has no such field
// prints: field: the record has no such field
// prints: read-only: the value belongs to another component
// prints: null friend true
// prints: selectors true false true

uses Person

component provides App requires io.Output out, Clerk clerk {
    int App:main(AppParam params[]) {
        Person p = new Person("Ada", 36, 60.5, 7)
        p.marks = new int[](10, 20, 30)
        read(p)
        write(p)
        compare(p)
        refused(p)
        TypeField f = Person.[name]
        out.println("selectors $(f == Employee.[name]) $(f == Person.[age]) $(f == clerk.nameField())")
        return 0
    }

    void read(Person p) {
        char name[] = p:.0
        TypeField age = Person.[age]
        out.println("name $name")
        out.println("age $(int(p:.age))")
        int zero = 0
        char first[] = p:.zero
        out.println("at 0 $first")
        Employee e = new Employee(name = "Ada", salary = 9)
        TypeField byName = Person.[name]
        TypeField salary = Employee.[salary]
        char inherited[] = e:.byName
        out.println("inherited $inherited, own $(int(e:.salary))")
    }

    void write(Person p) {
        TypeField name = Person.[name]
        p:.name = "Grace"
        p:.1 = 85
        out.println("written $(p.name) $(p.age)")
    }

    void compare(Person p) {
        Person q = new Person("Grace", 30)
        TypeField name = Person.[name]
        TypeField age = Person.[age]
        out.println("equal $(p:.age == q:.age) $(p:.name == q:.name)")
        out.println("order $(p:.age > q:.age) $(p:.age <= q:.age) $(p:.name >= q:.name)")
        Dynamic marks = p:.5
        int second = marks[1]
        marks[1] = 21
        out.println("marks $((p:.5).arrayLength), second $second, then $(p.marks[1])")
        out.println("hastype int $(p:.age hastype int), char[] $(p:.age hastype char[])")
        TypeField rank = Person.[rank]
        out.println("a byte as int: $(int(p:.rank))")
    }

    void refused(Person p) {
        TypeField name = Person.[name]
        TypeField salary = Employee.[salary]
        try { int x = p:.name } catch (Exception e) { say(e) }
        try { p:.name = 5 } catch (Exception e) { say(e) }
        try { p:.1 = null } catch (Exception e) { say(e) }
        try { int x = p:.salary } catch (Exception e) { say(e) }
        try { int x = p:.77 } catch (Exception e) { say(e) }
        Person theirs = clerk.make()
        try { theirs:.name = "mine" } catch (Exception e) { say(e) }
        Person friend = p:.4
        out.println("null friend $(friend === null)")
    }

    void say(Exception e) {
        out.println("$(e.kind): $(e.message)")
    }
}
