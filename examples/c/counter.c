/* A counter in C: `counter.rs`, method by method, with the same storage, events and errors.
 *
 * There is no standard library here, and no allocator: arguments and results have a fixed length, and
 * are put together by hand. A module without an ABI section has the methods that it exports, none of
 * which takes value.
 */
#include "dytallix.h"

/* The sum would be greater than 2^64 - 1. */
static const uint8_t OVERFLOW = 0;

/* Where the number is. */
static const uint8_t COUNT = 0;

static _Noreturn void fail(uint8_t code) {
    host_revert(&code, sizeof code);
}

/* Arguments are as long as the method's parameters, or they are none. */
static void read_arguments(void *out, uint32_t length) {
    if ((uint32_t)host_input_size() != length) {
        fail(DYTALLIX_REVERT_BAD_ARGUMENTS);
    }
    host_input_copy(out, 0, length);
}

/* WebAssembly is little-endian, and so are numbers in their encoding. */
static uint64_t load_count(void) {
    uint64_t count = 0;
    int64_t length = host_storage_get(&COUNT, sizeof COUNT, &count, sizeof count);
    if (length != DYTALLIX_ERROR_ABSENT && length != sizeof count) {
        fail(DYTALLIX_REVERT_STORED_BYTES);
    }
    return count;
}

/* Somebody added to the number: two topics, name and account, each behind its length; the amount. */
static void emit_added(uint64_t amount) {
    struct {
        uint32_t count;
        uint32_t name_length;
        uint8_t name[5];
        uint8_t by_length[4];
        uint8_t by[DYTALLIX_ADDRESS_BYTES];
    } __attribute__((packed)) topics = {
        .count = 2,
        .name_length = 5,
        .name = {'A', 'd', 'd', 'e', 'd'},
        .by_length = {DYTALLIX_ADDRESS_BYTES},
    };
    host_caller_address(topics.by);
    host_emit_event(&topics, sizeof topics, &amount, sizeof amount);
}

/* Begins at a number: `start: u64`. */
DYTALLIX_METHOD(init) {
    uint64_t start;
    read_arguments(&start, sizeof start);
    host_storage_set(&COUNT, sizeof COUNT, &start, sizeof start);
}

/* Adds to it: `amount: u64`; the sum. */
DYTALLIX_METHOD(add) {
    uint64_t amount, sum;
    read_arguments(&amount, sizeof amount);
    emit_added(amount);
    if (__builtin_add_overflow(load_count(), amount, &sum)) {
        fail(OVERFLOW);
    }
    host_storage_set(&COUNT, sizeof COUNT, &sum, sizeof sum);
    host_set_return(&sum, sizeof sum);
}

/* The number. */
DYTALLIX_METHOD(count) {
    read_arguments(0, 0);
    uint64_t count = load_count();
    host_set_return(&count, sizeof count);
}
