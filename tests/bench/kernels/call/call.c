// n calls of a function through a pointer, of which the compiler does not know where it leads.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

struct step {
    long (*step)(struct step *self, long x);
};

static long up(struct step *self, long x) {
    (void)self;
    return x + 1;
}

static long down(struct step *self, long x) {
    (void)self;
    return x - 1;
}

static long long now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    long n = atol(argv[1]);
    int repeats = atoi(argv[2]);
    struct step object = {argc == 3 ? up : down}, *volatile hidden = &object;
    for (int i = 0; i < repeats; i++) {
        struct step *step = hidden;
        long x = 0;
        long long begin = now_ns();
        for (long call = 0; call < n; call++) x = step->step(step, x);
        printf("%ld %lld\n", x, now_ns() - begin);
    }
    return 0;
}
