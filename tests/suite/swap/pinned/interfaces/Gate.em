interface Gate {
    transfer int pokes
    transfer bool isOpen
    // Stays inside until it is opened.
    void enter()
    void open()
    // Who answers, and how often somebody has.
    char[] poke()
}
