// Parses a JSON text of n records to values, and walks over them: how many, the sum of all numbers,
// and the length of all texts.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum kind { NOTHING, BOOL, NUMBER, TEXT, LIST, OBJECT };

struct value {
    enum kind kind;
    int count;            // of items, or of a text's bytes
    double number;        // of a number; 1 for true
    char *text;           // of a text
    struct value **items; // of a list and an object
    char **names;         // of an object, one for each item
};

static const char *at;
static jmp_buf failed;

static struct value *value(void);

static void *reserve(size_t bytes) {
    void *memory = malloc(bytes);
    if (!memory) longjmp(failed, 1);
    return memory;
}

static struct value *make(enum kind kind) {
    struct value *made = reserve(sizeof *made);
    memset(made, 0, sizeof *made);
    made->kind = kind;
    return made;
}

static void space(void) {
    while (*at == ' ' || *at == '\n' || *at == '\t' || *at == '\r') at++;
}

static void expect(char c) {
    if (*at != c) longjmp(failed, 1);
    at++;
}

static void word(const char *expected) {
    while (*expected) expect(*expected++);
}

static char escaped(char c) {
    switch (c) {
    case 'n': return '\n';
    case 't': return '\t';
    case 'r': return '\r';
    case '"': case '\\': case '/': return c;
    }
    longjmp(failed, 1);
}

static char *string(int *length) {
    expect('"');
    const char *end = at;
    while (*end != '"') {
        if (*end == 0) longjmp(failed, 1);
        end += *end == '\\' && end[1] ? 2 : 1;
    }
    char *text = reserve(end - at + 1), *to = text;
    while (*at != '"') {
        if (*at == '\\') {
            at++;
            *to++ = escaped(*at++);
        } else {
            *to++ = *at++;
        }
    }
    *to = 0;
    at++;
    *length = to - text;
    return text;
}

static struct value *number(void) {
    char *end;
    struct value *found = make(NUMBER);
    found->number = strtod(at, &end);
    if (end == at) longjmp(failed, 1);
    at = end;
    return found;
}

static struct value *list(void) {
    struct value *found = make(LIST);
    int room = 4;
    found->items = reserve(room * sizeof *found->items);
    expect('[');
    space();
    while (*at != ']') {
        if (found->count > 0) expect(',');
        if (found->count == room) {
            room *= 2;
            found->items = realloc(found->items, room * sizeof *found->items);
        }
        found->items[found->count++] = value();
    }
    at++;
    return found;
}

static struct value *object(void) {
    struct value *found = make(OBJECT);
    int room = 8, length;
    found->items = reserve(room * sizeof *found->items);
    found->names = reserve(room * sizeof *found->names);
    expect('{');
    space();
    while (*at != '}') {
        if (found->count > 0) expect(',');
        if (found->count == room) {
            room *= 2;
            found->items = realloc(found->items, room * sizeof *found->items);
            found->names = realloc(found->names, room * sizeof *found->names);
        }
        space();
        found->names[found->count] = string(&length);
        space();
        expect(':');
        found->items[found->count++] = value();
    }
    at++;
    return found;
}

static struct value *bare(void) {
    struct value *found;
    switch (*at) {
    case '{': return object();
    case '[': return list();
    case '"':
        found = make(TEXT);
        found->text = string(&found->count);
        return found;
    case 't':
        word("true");
        found = make(BOOL);
        found->number = 1;
        return found;
    case 'f': word("false"); return make(BOOL);
    case 'n': word("null"); return make(NOTHING);
    }
    return number();
}

// With the space around it.
static struct value *value(void) {
    space();
    struct value *found = bare();
    space();
    return found;
}

static struct value *parse(const char *text) {
    if (setjmp(failed)) {
        fprintf(stderr, "json: no JSON at %d\n", (int)(at - text));
        exit(1);
    }
    at = text;
    struct value *found = value();
    if (*at) longjmp(failed, 1);
    return found;
}

static void drop(struct value *value) {
    for (int i = 0; value->items && i < value->count; i++) {
        drop(value->items[i]);
        if (value->names) free(value->names[i]);
    }
    free(value->items);
    free(value->names);
    free(value->text);
    free(value);
}

static long values, bytes;
static double sum;

static void walk(const struct value *value) {
    values++;
    if (value->kind == NUMBER) sum += value->number;
    if (value->kind == TEXT) bytes += value->count;
    for (int i = 0; value->items && i < value->count; i++) walk(value->items[i]);
}

static char *document(int n) {
    char *text = malloc(160 * n + 3), *to = text;
    *to++ = '[';
    for (int i = 0; i < n; i++) {
        to += sprintf(to,
                      "%s{\"id\": %d, \"name\": \"item \\\"%d\\\"\", \"price\": %d.25, "
                      "\"tags\": [\"red\", \"green\", \"blue\"], \"active\": %s, \"parent\": null}",
                      i > 0 ? ",\n" : "", i, i, i % 100, i % 2 == 0 ? "true" : "false");
    }
    strcpy(to, "]");
    return text;
}

static long long now_ns(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

int main(int argc, char **argv) {
    char *text = document(atoi(argv[1]));
    int repeats = atoi(argv[2]);
    (void)argc;
    for (int i = 0; i < repeats; i++) {
        values = bytes = 0;
        sum = 0;
        long long begin = now_ns();
        struct value *root = parse(text);
        walk(root);
        drop(root);
        printf("%ld/%.2f/%ld %lld\n", values, sum, bytes, now_ns() - begin);
    }
    free(text);
    return 0;
}
