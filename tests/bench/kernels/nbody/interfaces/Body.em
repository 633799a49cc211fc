// A sun or planet: place, speed and mass, in astronomical units, years and solar masses.

data Body {
    float x
    float y
    float z
    float vx
    float vy
    float vz
    float mass
}
