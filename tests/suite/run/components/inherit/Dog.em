// What is left out is done by the animal that each dog has.
component provides Dog requires Animal {
    int count
    Dog:Dog(char name[], int legs) {
        super("dog $name")
        count = legs
        feed()
    }
    char[] Dog:call() {
        return "$(super()) and barks"
    }
    int Dog:legs() {
        return count + fed()
    }
}
