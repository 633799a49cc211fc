uses Door
component provides Door, Window {
    void Door:open() { }

    void Door:close() { }

    void Window:close() { }
}
