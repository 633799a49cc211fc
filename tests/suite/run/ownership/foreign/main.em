// What another component made can be read and kept, and not written to.
uses Item

component provides App requires Store s, io.Output out {
    int App:main(AppParam params[]) {
        Item mine = new Item(3, null)
        s.put(mine)
        s.put(mine)
        mine.value = 10
        out.println("$(s.total())") // prints: 6
        int numbers[] = new int[](1, 2)
        out.println(s.poke(mine, numbers)) // prints: read-only: the value belongs to another component, read-only, read-only
        out.println("$(mine.value) $(numbers[0])") // prints: 10 1
        Item made = s.make(5)
        try {
            made.value = 6
        } catch (Exception e) {
            out.println(e.kind) // prints: read-only
        }
        Item copy = clone made
        copy.value = 7
        out.println("$(made.value) $(copy.value)") // prints: 5 7
        mine.next = made
        out.println("$(mine.next.value)") // prints: 5
        return 0
    }
}
