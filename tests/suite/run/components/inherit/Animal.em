component provides Animal(Destructor) requires io.Output out {
    char name[]
    Animal:Animal(char called[]) {
        name = called
    }
    char[] Animal:call() {
        return "$name makes a noise"
    }
    void Animal:feed() {
        meals++
    }
    int Animal:fed() {
        return meals
    }
    void Destructor:destroy() {
        out.println("$name is gone")
    }
}
