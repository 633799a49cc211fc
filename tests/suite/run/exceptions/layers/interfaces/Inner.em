interface Inner {
    int divide(int a, int b)
    void fail(char kind[], char message[])
}
