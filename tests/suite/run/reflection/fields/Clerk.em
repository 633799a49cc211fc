component provides Clerk {
    Person Clerk:make() {
        return new Person("Bob", 4)
    }
    TypeField Clerk:nameField() {
        return Person.[name]
    }
}
