uses Source
component provides Sum {
    void Sum:listen(store Source source) { }
    int Sum:got() {
        return count
    }
    char[] Sum:report() {
        return "$count, then $by is deaf"
    }
}
