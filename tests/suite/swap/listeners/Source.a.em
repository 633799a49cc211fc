uses Tick
component provides Source {
    void Source:run(int count) {
        for (int i = 0; i < count; i++) {
            number++
            emitevent tick(new Tick(number))
        }
    }
}
