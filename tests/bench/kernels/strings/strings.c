// A text of n lines, put together piece by piece. Prints its length and a checksum of some bytes.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

struct text {
    char *bytes;
    int length, room;
};

static void append(struct text *text, const char *piece) {
    int length = strlen(piece);
    if (text->length + length > text->room) {
        text->room = 2 * text->room + length;
        text->bytes = realloc(text->bytes, text->room);
    }
    memcpy(text->bytes + text->length, piece, length);
    text->length += length;
}

static struct text build(int n) {
    struct text text = {0};
    for (int i = 0; i < n; i++) {
        char piece[64];
        snprintf(piece, sizeof piece, "item %d: %d\n", i, i * i % 1000);
        append(&text, piece);
    }
    return text;
}

static int checksum(const char *text, int length) {
    int hash = 0;
    for (int i = 0; i < length; i += 97) hash = (hash * 31 + text[i]) % 1000003;
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
        struct text text = build(n);
        int hash = checksum(text.bytes, text.length);
        free(text.bytes);
        printf("%d/%d %lld\n", text.length, hash, now_ns() - begin);
    }
    return 0;
}
