data Press {
    int count
}

interface Button {
    event pressed(Press press)
    event held(Press press, int long)
    event named(char name[])
    event pressed()
    void press()
}

interface Lamp {
    event lit()
    void light()
}
