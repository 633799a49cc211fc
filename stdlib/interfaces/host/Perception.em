// What a component tells the learner. Wrapped by pal.Perception.

interface Perception {
    // One measurement that may be part of the reward.
    void metric(char name[], float value, bool preferHigh)

    // Something that happened in the environment, e.g. a kind of request and its size.
    void happened(char name[], float value)
}
