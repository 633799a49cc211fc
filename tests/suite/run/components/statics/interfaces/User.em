interface User {
    int use()
    void note(char text[])
}
