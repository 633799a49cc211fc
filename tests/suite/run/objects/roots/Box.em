component provides Box {
    void Box:put(store Data item) { content = item }
    Data Box:get() { return content }
    bool Box:holds(Data item) { return content === item }
}
