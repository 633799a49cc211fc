component provides User requires Counter counter {
    int User:use() {
        return counter.next()
    }
    void User:note(char text[]) {
        counter.note(text)
    }
}
