uses Tick
component provides Source {
    void Source:run(int count) {
        for (int i = 1; i <= count; i++) emitevent tick(new Tick(i))
    }
}
