component provides Guard(Destructor) requires io.Output out {
    char mine[] = null

    Guard:Guard(char name[]) {
        mine = name
    }

    char[] Guard:name() {
        return mine
    }

    void Destructor:destroy() {
        out.println("$mine gone")
    }
}
