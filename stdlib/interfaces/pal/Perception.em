// What a system tells whoever learns how to run it. Nothing happens if nobody listens.

interface Perception {
    // One measurement, in the unit that the name says; which direction is better.
    void addMetric(char name[], float value, bool preferHigh)

    // Something that happened around the system, and its size or 1.
    void addEvent(char name[], float value)
}
