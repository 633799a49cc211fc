component provides Dog requires Animal {
    Dog:Dog(char name[]) {
        super(name, 2)
    }
    int Dog:legs() { return 4 }
}
