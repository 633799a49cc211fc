data Note {
    char text[]
    int stars
}

interface Notes {
    transfer Note all[]
    Notes(int limit)
    void add(store Note note)
    Note best()
    int stars(Note notes[])
    char[] loud(char text[])
    void save(char path[])
}
