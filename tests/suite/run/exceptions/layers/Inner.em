component provides Inner {
    int Inner:divide(int a, int b) {
        return a / b
    }

    void Inner:fail(char kind[], char message[]) {
        throw new Exception(kind, message)
    }
}
