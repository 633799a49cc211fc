// What `typeof` says of a type. Descriptions that the language makes are read-only and one per
// type; a program may also make its own, for `new Data() from t`.

data Type {
    const byte INTEGER = 1
    const byte DECIMAL = 2
    const byte DATA = 3
    const byte OBJECT = 4
    const byte ARRAY = 5
    byte class

    // Of an integer.
    const byte F_BOOL = 1
    const byte F_CHAR = 2
    const byte F_SIGNED = 8
    // Of a decimal: a `float`.
    const byte F_FLOAT = 4
    // Of an object.
    const byte F_FUNCTION = 1
    const byte F_EVENT = 2
    byte flags

    // Bytes of an integer or decimal, elements of an array of fixed length, else 0.
    int size

    // Of data its fields, of an array its element, of an object its functions, events and state.
    Field fields[]
}

data Field {
    // The type leads back to the one that has the field.
    const int FLAG_RECURSION = 1
    // Of a parameter.
    const int FLAG_STORE = 2
    const int FLAG_OPT = 4

    Type type
    char name[]
    byte flags
}
