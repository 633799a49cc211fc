// For components that must let go of something: called when the last reference to the object goes.

interface Destructor {
    void destroy()
}
