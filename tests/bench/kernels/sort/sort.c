// Sorts n numbers with the library's sort. Prints a checksum of the order.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static int *numbers(int n) {
    int *values = malloc(n * sizeof *values);
    int last = 42;
    for (int i = 0; i < n; i++) {
        last = (last * 3877 + 29573) % 139968;
        values[i] = last;
    }
    return values;
}

static int compare(const void *a, const void *b) {
    int x = *(const int *)a, y = *(const int *)b;
    return (x > y) - (x < y);
}

static int checksum(const int *values, int n) {
    int hash = 0;
    for (int i = 0; i < n; i++) hash = (hash * 31 + values[i]) % 1000003;
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
        int *values = numbers(n);
        qsort(values, n, sizeof *values, compare);
        int hash = checksum(values, n);
        free(values);
        printf("%d %lld\n", hash, now_ns() - begin);
    }
    return 0;
}
