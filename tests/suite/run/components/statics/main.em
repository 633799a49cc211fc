component provides App requires io.Output out, Counter, Reader reader, User user {
    int App:main(AppParam params[]) {
        Counter a = new Counter()
        Counter b = new Counter()
        out.println("$(a.next()) $(b.next()) $(b.next())") // prints: 4121 4231 4342
        out.println("$(user.use()) $(reader.seen())") // prints: 4451 447
        a.note("here")
        user.note("there")
        b.note("again")
        out.println(b.notes()) // prints: here|there|again
        return 0
    }
}
