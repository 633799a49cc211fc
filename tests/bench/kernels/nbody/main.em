// The sun and four planets, moved on by their pull on each other. Prints the energy of the system.

component provides App requires
        io.Output out, time.Clock clock, data.IntUtil ints, data.FloatUtil floats {
    const float SOLAR_MASS = 39.47841760435743
    const float DAYS = 365.24

    Body planet(float x, float y, float z, float vx, float vy, float vz, float mass) {
        return new Body(x, y, z, vx * DAYS, vy * DAYS, vz * DAYS, mass * SOLAR_MASS)
    }

    Body[] system() {
        Body jupiter = planet(4.84143144246472090, -1.16032004402742839,
            -0.103622044471123109, 0.00166007664274403694, 0.00769901118419740425,
            -0.0000690460016972063023, 0.000954791938424326609)
        Body saturn = planet(8.34336671824457987, 4.12479856412430479,
            -0.403523417114321381, -0.00276742510726411021, 0.00499852801234917238,
            0.0000230417297573763929, 0.000285885980666130812)
        Body uranus = planet(12.8943695621391310, -15.1111514016986312,
            -0.223307578892655734, 0.00296460137564761618, 0.00237847173959480950,
            -0.0000296589568540237556, 0.0000436624404335156298)
        Body neptune = planet(15.3796971148509165, -25.9193146099879641,
            0.179258772950371181, 0.00268067772490389322, 0.00162824170038242295,
            -0.0000951592254519715870, 0.0000515138902046611451)
        Body sun = new Body(mass = SOLAR_MASS)
        Body bodies[] = new Body[](sun, jupiter, saturn, uranus, neptune)
        foreach (Body b in bodies) {
            sun.vx -= b.vx * b.mass / SOLAR_MASS
            sun.vy -= b.vy * b.mass / SOLAR_MASS
            sun.vz -= b.vz * b.mass / SOLAR_MASS
        }
        return bodies
    }

    void advance(Body bodies[], float dt) {
        for (int i = 0; i < bodies.arrayLength; i++) {
            Body a = bodies[i]
            for (int j = i + 1; j < bodies.arrayLength; j++) {
                Body b = bodies[j]
                float dx = a.x - b.x
                float dy = a.y - b.y
                float dz = a.z - b.z
                float square = dx * dx + dy * dy + dz * dz
                float pull = dt / (square * floats.sqrt(square))
                a.vx -= dx * b.mass * pull
                a.vy -= dy * b.mass * pull
                a.vz -= dz * b.mass * pull
                b.vx += dx * a.mass * pull
                b.vy += dy * a.mass * pull
                b.vz += dz * a.mass * pull
            }
        }
        foreach (Body b in bodies) {
            b.x += dt * b.vx
            b.y += dt * b.vy
            b.z += dt * b.vz
        }
    }

    float energy(Body bodies[]) {
        float e = 0.0
        for (int i = 0; i < bodies.arrayLength; i++) {
            Body a = bodies[i]
            e += 0.5 * a.mass * (a.vx * a.vx + a.vy * a.vy + a.vz * a.vz)
            for (int j = i + 1; j < bodies.arrayLength; j++) {
                Body b = bodies[j]
                float dx = a.x - b.x
                float dy = a.y - b.y
                float dz = a.z - b.z
                e -= a.mass * b.mass / floats.sqrt(dx * dx + dy * dy + dz * dz)
            }
        }
        return e
    }

    int App:main(AppParam params[]) {
        int steps = ints.intFromString(params[0].string)
        int repeats = ints.intFromString(params[1].string)
        for (int i = 0; i < repeats; i++) {
            int begin = clock.monotonicUs()
            Body bodies[] = system()
            for (int step = 0; step < steps; step++) advance(bodies, 0.01)
            float e = energy(bodies)
            int ns = (clock.monotonicUs() - begin) * 1000
            out.println("$(floats.fixed(e, 9)) $ns")
        }
        return 0
    }
}
