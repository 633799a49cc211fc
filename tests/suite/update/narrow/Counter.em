component provides Counter {
    char[] Counter:count(char name[]) {
        sum++
        return "narrow $sum"
    }
}
