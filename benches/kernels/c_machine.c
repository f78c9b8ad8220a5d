// A register machine that is interpreted: 32-bit instructions of four fields, eight registers,
// memory and calls, dispatched by a table of functions. It sieves primes.
#include "support.h"

enum { LOADI, ADD, SUB, MUL, LOAD, STORE, LESS, JUMP_IF, JUMP, CALL, RETURN, STOP, OPS };

// op, destination or condition, operands; what jumps or loads a constant takes both as one number.
#define OP(op, a, b, c) ((uint32_t)(op) << 24 | (a) << 16 | (b) << 8 | (c))
#define WIDE(op, a, value) ((uint32_t)(op) << 24 | (a) << 16 | (value))

enum { CELLS = 4096, DEPTH = 16 };

struct machine {
    const uint32_t *at;
    const uint32_t *program;
    uint32_t registers[8];
    const uint32_t *returns[DEPTH];
    uint32_t depth;
    uint32_t memory[CELLS];
};

// r0 number, r1 limit, r2 step, r3 truth, r4 one, r5 count, r6 mark, r7 scratch
static const uint32_t PROGRAM[] = {
    /*  0 */ WIDE(LOADI, 4, 1),
    /*  1 */ WIDE(LOADI, 5, 0),
    /*  2 */ WIDE(LOADI, 0, 2),
    /*  3 */ OP(LESS, 3, 0, 1),
    /*  4 */ WIDE(JUMP_IF, 3, 6),
    /*  5 */ OP(STOP, 0, 0, 0),
    /*  6 */ OP(LOAD, 6, 0, 0),
    /*  7 */ OP(LESS, 3, 6, 4),
    /*  8 */ WIDE(JUMP_IF, 3, 11),
    /*  9 */ OP(ADD, 0, 0, 4),
    /* 10 */ WIDE(JUMP, 0, 3),
    /* 11 */ OP(ADD, 5, 5, 4),
    /* 12 */ WIDE(CALL, 0, 14),
    /* 13 */ WIDE(JUMP, 0, 9),
    /* 14 */ OP(MUL, 2, 0, 0),
    /* 15 */ OP(LESS, 3, 2, 1),
    /* 16 */ WIDE(JUMP_IF, 3, 18),
    /* 17 */ OP(RETURN, 0, 0, 0),
    /* 18 */ OP(STORE, 4, 2, 0),
    /* 19 */ OP(ADD, 2, 2, 0),
    /* 20 */ WIDE(JUMP, 0, 15),
};

#define A (op >> 16 & 7)
#define B (op >> 8 & 7)
#define C (op & 7)
#define R m->registers

typedef int step(struct machine *m, uint32_t op);

static int op_loadi(struct machine *m, uint32_t op) { return R[A] = op & 0xffff, 1; }
static int op_add(struct machine *m, uint32_t op) { return R[A] = R[B] + R[C], 1; }
static int op_sub(struct machine *m, uint32_t op) { return R[A] = R[B] - R[C], 1; }
static int op_mul(struct machine *m, uint32_t op) { return R[A] = R[B] * R[C], 1; }
static int op_load(struct machine *m, uint32_t op) { return R[A] = m->memory[R[B] % CELLS], 1; }
static int op_store(struct machine *m, uint32_t op) { return m->memory[R[B] % CELLS] = R[A], 1; }
static int op_less(struct machine *m, uint32_t op) { return R[A] = R[B] < R[C], 1; }
static int op_jump(struct machine *m, uint32_t op) {
    return m->at = m->program + (op & 0xffff), 1;
}
static int op_jump_if(struct machine *m, uint32_t op) { return R[A] ? op_jump(m, op) : 1; }
static int op_call(struct machine *m, uint32_t op) {
    if (m->depth == DEPTH)
        return 0;
    m->returns[m->depth++] = m->at;
    return op_jump(m, op);
}
static int op_return(struct machine *m, uint32_t op) {
    return m->depth > 0 ? (m->at = m->returns[--m->depth], 1) : 0;
}
static int op_stop(struct machine *m, uint32_t op) { return 0; }

static step *const STEPS[OPS] = {
    op_loadi, op_add,  op_sub,  op_mul,    op_load, op_store,
    op_less,  op_jump_if, op_jump, op_call, op_return, op_stop,
};

static struct machine machine;

EXPORT int64_t run(int32_t n) {
    struct machine *m = &machine;
    uint64_t sum = 0;
    for (int32_t i = 0; i < n; i++) {
        for (int cell = 0; cell < CELLS; cell++)
            m->memory[cell] = 0;
        m->depth = 0;
        m->program = m->at = PROGRAM;
        R[1] = CELLS - 1 - (uint32_t)(i & 15);
        for (;;) {
            uint32_t op = *m->at++;
            if (!STEPS[op >> 24](m, op))
                break;
        }
        sum = mix(sum, R[5]);
    }
    return (int64_t)sum;
}
