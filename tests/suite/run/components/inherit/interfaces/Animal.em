interface Animal {
    transfer int meals
    Animal(char name[])
    char[] call()
    void feed()
    int fed()
}

interface Dog extends Animal {
    Dog(char name[], int legs)
    int legs()
}
