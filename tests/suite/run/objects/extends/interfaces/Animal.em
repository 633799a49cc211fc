// Animals, and dogs, which are animals that can do more.

interface Animal {
    const int LEGS = 4
    transfer char name[]
    char[] call(int times)
    int legs()
}
interface Dog extends Animal {
    transfer int bones
    Dog(char name[])
    int dig()
}
interface Puppy extends Dog { bool small() }
