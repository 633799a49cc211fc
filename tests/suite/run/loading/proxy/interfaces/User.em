interface User {
    transfer Account account

    void open()
    void use()
    char[] closing()
}
