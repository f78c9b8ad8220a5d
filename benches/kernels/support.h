// What the kernels in C share: the generator and the checksum step of `support/lib.rs`.
#pragma once
#include <stdint.h>

static inline uint64_t next(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1dull;
}

static inline uint64_t mix(uint64_t sum, uint64_t value) {
    sum = (sum ^ value) * 0x100000001b3ull;
    return sum << 23 | sum >> 41;
}

#define EXPORT __attribute__((visibility("default")))
EXPORT int64_t run(int32_t n);
