// SHA-256 of a message of `n` KiB that is read in pieces of uneven length, as a library in C is
// used: a context, `update` with a buffer of its own, `finish`.
#include "support.h"

struct context {
    uint32_t state[8];
    uint64_t length;
    uint32_t held;
    uint8_t block[64];
};

static const uint32_t K[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t x, int by) { return x >> by | x << (32 - by); }

static void compress(struct context *c, const uint8_t *block) {
    uint32_t w[16], s[8];
    for (int i = 0; i < 8; i++)
        s[i] = c->state[i];
    for (int i = 0; i < 64; i++) {
        if (i < 16) {
            w[i] = (uint32_t)block[4 * i] << 24 | block[4 * i + 1] << 16 | block[4 * i + 2] << 8 |
                   block[4 * i + 3];
        } else {
            uint32_t x = w[(i + 1) & 15], y = w[(i + 14) & 15];
            w[i & 15] += w[(i + 9) & 15] + (turn(x, 7) ^ turn(x, 18) ^ x >> 3) +
                         (turn(y, 17) ^ turn(y, 19) ^ y >> 10);
        }
        uint32_t t1 = s[7] + (turn(s[4], 6) ^ turn(s[4], 11) ^ turn(s[4], 25)) +
                      (s[6] ^ (s[4] & (s[5] ^ s[6]))) + K[i] + w[i & 15];
        uint32_t t2 = (turn(s[0], 2) ^ turn(s[0], 13) ^ turn(s[0], 22)) +
                      ((s[0] & s[1]) | (s[2] & (s[0] | s[1])));
        s[7] = s[6], s[6] = s[5], s[5] = s[4], s[4] = s[3] + t1;
        s[3] = s[2], s[2] = s[1], s[1] = s[0], s[0] = t1 + t2;
    }
    for (int i = 0; i < 8; i++)
        c->state[i] += s[i];
}

static void start(struct context *c) {
    static const uint32_t first[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    for (int i = 0; i < 8; i++)
        c->state[i] = first[i];
    c->length = 0;
    c->held = 0;
}

static void update(struct context *c, const uint8_t *data, uint32_t length) {
    c->length += length;
    while (length > 0) {
        if (c->held == 0 && length >= 64) {
            compress(c, data);
            data += 64, length -= 64;
            continue;
        }
        c->block[c->held++] = *data++;
        length--;
        if (c->held == 64) {
            compress(c, c->block);
            c->held = 0;
        }
    }
}

static void finish(struct context *c, uint32_t digest[8]) {
    uint64_t bits = c->length * 8;
    uint8_t byte = 0x80;
    update(c, &byte, 1);
    byte = 0;
    while (c->held != 56)
        update(c, &byte, 1);
    for (int shift = 56; shift >= 0; shift -= 8) {
        byte = (uint8_t)(bits >> shift);
        update(c, &byte, 1);
    }
    for (int i = 0; i < 8; i++)
        digest[i] = c->state[i];
}

static uint8_t message[4096];

EXPORT int64_t run(int32_t n) {
    struct context c;
    uint32_t digest[8];
    uint64_t random = 5, sum = 0;
    for (uint32_t i = 0; i < sizeof message; i++)
        message[i] = (uint8_t)(next(&random) >> 32);
    start(&c);
    for (uint32_t left = (uint32_t)n << 10; left > 0;) {
        uint32_t piece = 1 + (uint32_t)(next(&random) % 1500);
        piece = piece < left ? piece : left;
        update(&c, message + next(&random) % 2048, piece);
        left -= piece;
    }
    finish(&c, digest);
    for (int i = 0; i < 8; i++)
        sum = mix(sum, digest[i]);
    return (int64_t)sum;
}
