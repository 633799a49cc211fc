data Item {
    char name[]
    int count
    Item next
}

data Door {
    char name[]
    io.File file
}

data Guarded {
    int value
    Mutex lock
}
