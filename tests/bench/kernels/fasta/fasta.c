// A file of DNA: one sequence repeated, and two of letters drawn by their frequency, in lines of 60
// after a title each. Prints the file's length and a checksum.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define LINE 60

static const char ALU[] =
    "GGCCGGGCGCGGTGGCTCACGCCTGTAATCCCAGCACTTTGGGAGGCCGAGGCGGGCGGATCACCTGAGGTCAGGA";

struct text {
    char *bytes;
    int length, room;
};

static void reserve(struct text *text, int more) {
    if (text->length + more <= text->room) return;
    text->room = 2 * text->length + more;
    text->bytes = realloc(text->bytes, text->room);
}

static void append(struct text *text, const char *piece) {
    int length = strlen(piece);
    reserve(text, length);
    memcpy(text->bytes + text->length, piece, length);
    text->length += length;
}

static int last = 42;

static double random_share(void) {
    last = (last * 3877 + 29573) % 139968;
    return last / 139968.0;
}

static void repeated(struct text *text, const char *title, int n) {
    append(text, title);
    reserve(text, n + n / LINE + 1);
    int at = 0;
    for (int i = 0; i < n; i++) {
        text->bytes[text->length++] = ALU[at++];
        if (ALU[at] == 0) at = 0;
        if (i % LINE == LINE - 1 || i == n - 1) text->bytes[text->length++] = '\n';
    }
}

static char drawn(const char *letters, const double *chances) {
    double r = random_share();
    int i = 0;
    while (r >= chances[i]) i++;
    return letters[i];
}

// `shares` are the letters' frequencies; the last one gets what is missing to 1.
static void random_letters(struct text *text, const char *title, const char *letters,
                           const double *shares, int n) {
    int kinds = strlen(letters);
    double chances[kinds];
    chances[0] = shares[0];
    for (int i = 1; i < kinds; i++) chances[i] = chances[i - 1] + shares[i];
    chances[kinds - 1] = 1;
    append(text, title);
    reserve(text, n + n / LINE + 1);
    for (int i = 0; i < n; i++) {
        text->bytes[text->length++] = drawn(letters, chances);
        if (i % LINE == LINE - 1 || i == n - 1) text->bytes[text->length++] = '\n';
    }
}

static struct text file(int n) {
    static const double IUB[] = {0.27, 0.12, 0.12, 0.27, 0.02, 0.02, 0.02, 0.02,
                                 0.02, 0.02, 0.02, 0.02, 0.02, 0.02, 0.02};
    static const double HUMAN[] = {0.3029549426680, 0.1979883004921, 0.1975473066391,
                                   0.3015094502008};
    struct text text = {0};
    last = 42;
    repeated(&text, ">ONE Homo sapiens alu\n", 2 * n);
    random_letters(&text, ">TWO IUB ambiguity codes\n", "acgtBDHKMNRSVWY", IUB, 3 * n);
    random_letters(&text, ">THREE Homo sapiens frequency\n", "acgt", HUMAN, 5 * n);
    return text;
}

static int checksum(const char *text, int length) {
    int hash = 0;
    for (int i = 0; i < length; i++) hash = (hash * 31 + text[i]) % 1000003;
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
        struct text text = file(n);
        int hash = checksum(text.bytes, text.length);
        free(text.bytes);
        printf("%d/%d %lld\n", text.length, hash, now_ns() - begin);
    }
    return 0;
}
