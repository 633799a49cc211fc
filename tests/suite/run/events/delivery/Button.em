component provides Button {
    void Button:press(int count) {
        for (int i = 1; i <= count; i++) emitevent pressed(new Press(i))
    }
    void Button:smash() {
        emitevent broken()
    }
}
