component provides Puppy {
    char[] Puppy:call(int times) { return "yap" }
    int Puppy:legs() { return 3 }
    int Puppy:dig() {
        bones += 10
        return bones
    }
    bool Puppy:small() { return true }
}
