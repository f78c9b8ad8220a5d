// Linked lists of records from a free list of our own: made, sorted by merging, searched through a
// chained hash table, taken apart again.
#include "support.h"

enum { RECORDS = 6000, BUCKETS = 1024 };

struct record {
    struct record *next;
    struct record *chain;
    uint32_t key;
    uint32_t value;
    uint8_t name[12];
};

static struct record pool[RECORDS];
static struct record *unused;
static struct record *buckets[BUCKETS];

static struct record *take(void) {
    struct record *record = unused;
    unused = record->next;
    return record;
}

static int before(const struct record *a, const struct record *b) {
    for (int i = 0; i < 12; i++) {
        if (a->name[i] != b->name[i])
            return a->name[i] < b->name[i];
    }
    return a->key < b->key;
}

static struct record *merge(struct record *a, struct record *b) {
    struct record *list = 0, **end = &list;
    while (a && b) {
        struct record **from = before(b, a) ? &b : &a;
        *end = *from;
        end = &(*from)->next;
        *from = (*from)->next;
    }
    *end = a ? a : b;
    return list;
}

static struct record *sort(struct record *list) {
    struct record *runs[16] = {0};
    while (list) {
        struct record *run = list;
        int level = 0;
        list = list->next;
        run->next = 0;
        for (; runs[level]; level++) {
            run = merge(runs[level], run);
            runs[level] = 0;
        }
        runs[level] = run;
    }
    struct record *all = 0;
    for (int level = 0; level < 16; level++)
        all = merge(runs[level], all);
    return all;
}

static const struct record *find(uint32_t key) {
    const struct record *record = buckets[key * 2654435761u >> 22];
    while (record && record->key != key)
        record = record->chain;
    return record;
}

static uint64_t pass(uint64_t *random) {
    struct record *list = 0;
    for (int i = 0; i < BUCKETS; i++)
        buckets[i] = 0;
    for (int i = 0; i < RECORDS; i++) {
        struct record *record = take();
        uint64_t bits = next(random);
        record->key = (uint32_t)bits % (2 * RECORDS);
        record->value = (uint32_t)i;
        for (int j = 0; j < 12; j++)
            record->name[j] = (uint8_t)('a' + (bits >> (j * 5) & 3));
        struct record **bucket = &buckets[record->key * 2654435761u >> 22];
        record->chain = *bucket;
        *bucket = record;
        record->next = list;
        list = record;
    }
    list = sort(list);
    uint64_t sum = 0;
    for (uint32_t key = 0; key < 2 * RECORDS; key++) {
        const struct record *record = find(key);
        sum += record ? record->value : 1;
    }
    while (list) {
        struct record *after = list->next;
        sum = mix(sum, list->key);
        list->next = unused;
        unused = list;
        list = after;
    }
    return sum;
}

EXPORT int64_t run(int32_t n) {
    uint64_t random = 77, sum = 0;
    unused = 0;
    for (int i = RECORDS - 1; i >= 0; i--) {
        pool[i].next = unused;
        unused = &pool[i];
    }
    for (int32_t i = 0; i < n; i++)
        sum = mix(sum, pass(&random));
    return (int64_t)sum;
}
