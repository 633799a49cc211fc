component provides Dog {
    Dog:Dog(char called[]) { name = clone called }
    char[] Dog:call(int times) {
        char text[] = name
        for (int i = 0; i < times; i++) text += " woof"
        return text
    }
    int Dog:legs() { return LEGS }
    int Dog:dig() {
        bones++
        return bones
    }
}
