uses Person
interface Clerk {
    Person make()
    TypeField nameField()
}
