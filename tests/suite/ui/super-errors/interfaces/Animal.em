interface Animal {
    Animal(char name[])
    char[] call()
}
interface Dog extends Animal {
    Dog(char name[])
    int legs()
}
interface Cat extends Animal { int lives() }
