component provides Dog {
    Dog:Dog(char name[]) {
        super(name)
    }
    int Dog:legs() { return 4 }
}
