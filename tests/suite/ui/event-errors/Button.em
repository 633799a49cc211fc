uses Press
component provides Button, Lamp {
    eventsink Loose(EventData e) { }
    void both() {
        emitevent lit()
    }
    implementation Button {
        void Button:press() {
            emitevent presed(new Press(1))
            emitevent pressed()
            emitevent pressed(7)
            emitevent lit()
            both()
        }
    }
    implementation Lamp {
        void Lamp:light() {
            emitevent lit()
        }
    }
}
