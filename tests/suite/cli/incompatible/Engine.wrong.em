component provides Engine {
    int Engine:start(int gear) {
        return gear
    }
}
