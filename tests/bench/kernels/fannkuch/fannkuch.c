// How often the front of a permutation can be reversed, by its first number, until that is 1: the
// most for any permutation of n numbers, and a checksum over all of them.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static int flips(const int *order, int *work, int n) {
    memcpy(work, order, n * sizeof *work);
    int count = 0, first = work[0];
    while (first != 0) {
        for (int low = 0, high = first; low < high; low++, high--) {
            int kept = work[low];
            work[low] = work[high];
            work[high] = kept;
        }
        count++;
        first = work[0];
    }
    return count;
}

// Rotates the first numbers left, more of them each time that a shorter front has come round.
static int next(int *order, int *counts, int n) {
    for (int front = 1; front < n; front++) {
        int first = order[0];
        for (int i = 0; i < front; i++) order[i] = order[i + 1];
        order[front] = first;
        if (--counts[front] > 0) return 1;
        counts[front] = front + 1;
    }
    return 0;
}

static void fannkuch(int n, long *sum, int *most) {
    int *order = malloc(n * sizeof *order);
    int *work = malloc(n * sizeof *work);
    int *counts = malloc(n * sizeof *counts);
    for (int i = 0; i < n; i++) {
        order[i] = i;
        counts[i] = i + 1;
    }
    *sum = *most = 0;
    int even = 1;
    do {
        int count = order[0] == 0 ? 0 : flips(order, work, n);
        if (count > *most) *most = count;
        *sum += even ? count : -count;
        even = !even;
    } while (next(order, counts, n));
    free(order);
    free(work);
    free(counts);
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
        long sum;
        int most;
        fannkuch(n, &sum, &most);
        printf("%ld/%d %lld\n", sum, most, now_ns() - begin);
    }
    return 0;
}
