// The sun and four planets, moved on by their pull on each other. Prints the energy of the system.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define SOLAR_MASS 39.47841760435743
#define DAYS 365.24
#define BODIES 5

struct body {
    double x, y, z, vx, vy, vz, mass;
};

static const struct body START[BODIES] = {
    {0, 0, 0, 0, 0, 0, SOLAR_MASS},
    {4.84143144246472090, -1.16032004402742839, -0.103622044471123109,
     0.00166007664274403694 * DAYS, 0.00769901118419740425 * DAYS,
     -0.0000690460016972063023 * DAYS, 0.000954791938424326609 * SOLAR_MASS},
    {8.34336671824457987, 4.12479856412430479, -0.403523417114321381,
     -0.00276742510726411021 * DAYS, 0.00499852801234917238 * DAYS,
     0.0000230417297573763929 * DAYS, 0.000285885980666130812 * SOLAR_MASS},
    {12.8943695621391310, -15.1111514016986312, -0.223307578892655734,
     0.00296460137564761618 * DAYS, 0.00237847173959480950 * DAYS,
     -0.0000296589568540237556 * DAYS, 0.0000436624404335156298 * SOLAR_MASS},
    {15.3796971148509165, -25.9193146099879641, 0.179258772950371181,
     0.00268067772490389322 * DAYS, 0.00162824170038242295 * DAYS,
     -0.0000951592254519715870 * DAYS, 0.0000515138902046611451 * SOLAR_MASS},
};

static void start(struct body *bodies) {
    for (int i = 0; i < BODIES; i++) bodies[i] = START[i];
    for (int i = 0; i < BODIES; i++) {
        bodies[0].vx -= bodies[i].vx * bodies[i].mass / SOLAR_MASS;
        bodies[0].vy -= bodies[i].vy * bodies[i].mass / SOLAR_MASS;
        bodies[0].vz -= bodies[i].vz * bodies[i].mass / SOLAR_MASS;
    }
}

static void advance(struct body *bodies, int n, double dt) {
    for (int i = 0; i < n; i++) {
        struct body *a = &bodies[i];
        for (int j = i + 1; j < n; j++) {
            struct body *b = &bodies[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            double square = dx * dx + dy * dy + dz * dz;
            double pull = dt / (square * sqrt(square));
            a->vx -= dx * b->mass * pull;
            a->vy -= dy * b->mass * pull;
            a->vz -= dz * b->mass * pull;
            b->vx += dx * a->mass * pull;
            b->vy += dy * a->mass * pull;
            b->vz += dz * a->mass * pull;
        }
    }
    for (int i = 0; i < n; i++) {
        bodies[i].x += dt * bodies[i].vx;
        bodies[i].y += dt * bodies[i].vy;
        bodies[i].z += dt * bodies[i].vz;
    }
}

static double energy(const struct body *bodies, int n) {
    double e = 0;
    for (int i = 0; i < n; i++) {
        const struct body *a = &bodies[i];
        e += 0.5 * a->mass * (a->vx * a->vx + a->vy * a->vy + a->vz * a->vz);
        for (int j = i + 1; j < n; j++) {
            const struct body *b = &bodies[j];
            double dx = a->x - b->x, dy = a->y - b->y, dz = a->z - b->z;
            e -= a->mass * b->mass / sqrt(dx * dx + dy * dy + dz * dz);
        }
    }
    return e;
}

static long long now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    int steps = atoi(argv[1]), repeats = atoi(argv[2]);
    (void)argc;
    for (int i = 0; i < repeats; i++) {
        long long begin = now_ns();
        struct body bodies[BODIES];
        start(bodies);
        for (int step = 0; step < steps; step++) advance(bodies, BODIES, 0.01);
        double e = energy(bodies, BODIES);
        printf("%.9f %lld\n", e, now_ns() - begin);
    }
    return 0;
}
