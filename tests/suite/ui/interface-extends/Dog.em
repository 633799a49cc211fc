component provides Dog {
    void Dog:dig() { age = 1 }
}
