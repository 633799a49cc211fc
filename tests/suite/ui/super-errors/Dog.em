component provides Dog requires Animal {
    Dog:Dog(char name[]) {
        legs()
        super(name)
    }
    int Dog:legs() { return super() }
    char[] Dog:call() { return super(1) }
    int helper() { return super() }
}
