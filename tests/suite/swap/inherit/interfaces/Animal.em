interface Animal {
    transfer char log[]
    Animal(char name[])
    void feed(char what[])
    char[] eaten()
}

interface Dog extends Animal {
    transfer int barks
    Dog(char name[])
    char[] bark()
}
