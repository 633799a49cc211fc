// The Mandelbrot set as an image of n by n bits, n a multiple of 8. Prints a checksum of its bytes.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ROUNDS 50

static int stays(double cr, double ci) {
    double zr = 0, zi = 0, rr = 0, ii = 0;
    for (int i = 0; i < ROUNDS && rr + ii <= 4; i++) {
        zi = 2 * zr * zi + ci;
        zr = rr - ii + cr;
        rr = zr * zr;
        ii = zi * zi;
    }
    return rr + ii <= 4;
}

static unsigned char *image(int n) {
    unsigned char *bits = malloc(n * n / 8), *at = bits;
    for (int y = 0; y < n; y++) {
        double ci = 2.0 * y / n - 1;
        for (int x = 0; x < n; x += 8) {
            int eight = 0;
            for (int bit = 0; bit < 8; bit++) {
                double cr = 2.0 * (x + bit) / n - 1.5;
                eight = eight << 1 | stays(cr, ci);
            }
            *at++ = eight;
        }
    }
    return bits;
}

static int checksum(const unsigned char *bits, int length) {
    int hash = 0;
    for (int i = 0; i < length; i++) hash = (hash * 31 + bits[i]) % 1000003;
    return hash;
}

static long long now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    int n = atoi(argv[1]), repeats = atoi(argv[2]);
    (void)argc;
    for (int i = 0; i < repeats; i++) {
        long long begin = now_ns();
        unsigned char *bits = image(n);
        int hash = checksum(bits, n * n / 8);
        free(bits);
        printf("%d %lld\n", hash, now_ns() - begin);
    }
    return 0;
}
