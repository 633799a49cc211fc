component provides Animal(Destructor) requires io.Output out {
    Animal:Animal(char name[]) {
        log = "$name:"
    }
    void Animal:feed(char what[]) {
        log += " b-$what"
    }
    char[] Animal:eaten() {
        return log
    }
    void Destructor:destroy() {
        out.println("b ends $log")
    }
}
