// Two matrices of n by n multiplied; the second is turned first, so that both are read by rows.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double **empty(int n) {
    double **rows = malloc(n * sizeof *rows);
    for (int i = 0; i < n; i++) rows[i] = malloc(n * sizeof **rows);
    return rows;
}

static void release(double **rows, int n) {
    for (int i = 0; i < n; i++) free(rows[i]);
    free(rows);
}

static double **matrix(int n, double seed) {
    double scale = seed / (double)n / (double)n;
    double **rows = empty(n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) rows[i][j] = scale * (double)(i - j) * (double)(i + j);
    return rows;
}

static double **transposed(double **rows, int n) {
    double **result = empty(n);
    for (int i = 0; i < n; i++)
        for (int j = 0; j < n; j++) result[i][j] = rows[j][i];
    return result;
}

static double **multiply(double **a, double **b, int n) {
    double **columns = transposed(b, n), **result = empty(n);
    for (int i = 0; i < n; i++) {
        const double *left = a[i];
        for (int j = 0; j < n; j++) {
            const double *right = columns[j];
            double sum = 0;
            for (int k = 0; k < n; k++) sum += left[k] * right[k];
            result[i][j] = sum;
        }
    }
    release(columns, n);
    return result;
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
        double **a = matrix(n, 1), **b = matrix(n, 2);
        double **product = multiply(a, b, n);
        double middle = product[n / 2][n / 2];
        release(a, n);
        release(b, n);
        release(product, n);
        printf("%.9f %lld\n", middle, now_ns() - begin);
    }
    return 0;
}
