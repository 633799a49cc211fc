component provides shapes.Half {
    const int SIZE = 2
    const char NAME[SIZE] = "abc"
    const char MORE[NAME] = ""
    int none[0]
    Exception all[4]
    int rows[2][3]
    char text[4]
    int half(int values[4]) { return values[0] }
    int Half:twice(int value) {
        char word[3] = "four"
        int huge[99999999999]
        char other[UNKNOWN]
        word += "x"
        text = "12345"
        text = word + word
        return value * half(new int[4])
    }
}
