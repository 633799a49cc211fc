// Builds complete binary trees of many depths, counts their nodes and drops them. Prints the sum.
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define LEAST 4

struct node {
    struct node *left, *right;
};

static struct node *tree(int depth) {
    struct node *node = malloc(sizeof *node);
    node->left = depth == 0 ? NULL : tree(depth - 1);
    node->right = depth == 0 ? NULL : tree(depth - 1);
    return node;
}

static int count(const struct node *node) {
    if (!node->left) return 1;
    return 1 + count(node->left) + count(node->right);
}

static void drop(struct node *node) {
    if (node->left) {
        drop(node->left);
        drop(node->right);
    }
    free(node);
}

static long counted(int depth) {
    struct node *node = tree(depth);
    long nodes = count(node);
    drop(node);
    return nodes;
}

static long trees(int most) {
    long sum = counted(most + 1);
    struct node *kept = tree(most);
    for (int depth = LEAST; depth <= most; depth += 2) {
        int rounds = 1 << (most - depth + LEAST);
        for (int i = 0; i < rounds; i++) sum += counted(depth);
    }
    sum += count(kept);
    drop(kept);
    return sum;
}

static long long now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    int depth = atoi(argv[1]), repeats = atoi(argv[2]);
    (void)argc;
    for (int i = 0; i < repeats; i++) {
        long long begin = now_ns();
        long sum = trees(depth);
        printf("%ld %lld\n", sum, now_ns() - begin);
    }
    return 0;
}
