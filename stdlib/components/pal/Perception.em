// Hands everything to the host, which gathers it by windows.

component provides pal.Perception requires native host.Perception perception {
    void Perception:addMetric(char name[], float value, bool preferHigh) {
        perception.metric(name, value, preferHigh)
    }

    void Perception:addEvent(char name[], float value) {
        perception.happened(name, value)
    }
}
