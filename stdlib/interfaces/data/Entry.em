// A number with a text: what data.adt.List holds.

data Entry {
    int key
    char value[]
}
