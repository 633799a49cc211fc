component provides Label {
    char[] Label:toString() { return "a label" }
    bool Label:equals(int other) { return other == 7 }
}
