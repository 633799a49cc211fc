data Press {
    int count
}

interface Button {
    event pressed(Press press)
    event broken()
    void press(int count)
    void smash()
}
