// The spectral norm of the infinite matrix 1, 1/2, 1/3 …, cut to n rows, by the power method.
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double element(int i, int j) {
    return 1.0 / (double)((i + j) * (i + j + 1) / 2 + i + 1);
}

static void multiply(const double *v, double *result, int n) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += element(i, j) * v[j];
        result[i] = sum;
    }
}

static void multiply_transposed(const double *v, double *result, int n) {
    for (int i = 0; i < n; i++) {
        double sum = 0;
        for (int j = 0; j < n; j++) sum += element(j, i) * v[j];
        result[i] = sum;
    }
}

static double norm(int n) {
    double *u = malloc(n * sizeof *u), *v = malloc(n * sizeof *v), *w = malloc(n * sizeof *w);
    for (int i = 0; i < n; i++) u[i] = 1;
    for (int round = 0; round < 10; round++) {
        multiply(u, w, n);
        multiply_transposed(w, v, n);
        multiply(v, w, n);
        multiply_transposed(w, u, n);
    }
    double uv = 0, vv = 0;
    for (int i = 0; i < n; i++) {
        uv += u[i] * v[i];
        vv += v[i] * v[i];
    }
    free(u);
    free(v);
    free(w);
    return sqrt(uv / vv);
}

static long long now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    int n = atoi(argv[1]);
    int repeats = atoi(argv[2]);
    (void)argc;
    for (int i = 0; i < repeats; i++) {
        long long begin = now_ns();
        double result = norm(n);
        printf("%.9f %lld\n", result, now_ns() - begin);
    }
    return 0;
}
