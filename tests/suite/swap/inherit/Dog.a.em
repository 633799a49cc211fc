component provides Dog requires Animal {
    Dog:Dog(char name[]) {
        super(name)
    }
    char[] Dog:bark() {
        barks++
        feed("bone")
        return "a $barks $(eaten())"
    }
}
