component provides Plain {
    void Plain:nothing() { }
}
