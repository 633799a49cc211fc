// A value of a JSON text.

data Value {
    const int NULL = 0
    const int BOOL = 1
    const int NUMBER = 2
    const int TEXT = 3
    const int LIST = 4
    const int OBJECT = 5

    int kind
    float number        // of a NUMBER; 1.0 for true
    char text[]         // of a TEXT
    Value items[]       // of a LIST and an OBJECT
    Name names[]        // of an OBJECT, one for each item
}

// The name of a member of an object.

data Name {
    char text[]
}
