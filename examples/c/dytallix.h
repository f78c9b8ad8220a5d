/*
 * Host functions of the Dytallix contract ABI, for contracts in C.
 *
 * Generated from the table in abi/src/table.rs: `BLESS=1 cargo test -p dytallix-abi` rewrites this
 * file. docs/reference/host-functions.md has the same with prices and effects.
 *
 * An address is 32 bytes, an amount 16 bytes little-endian. A variable output is `(out, capacity)`
 * and a result: the full length where it is not negative (nothing is written if that exceeds the
 * capacity), else an error code. A pointer that reaches out of the memory traps, and so does
 * what changes state in a read-only frame.
 */
#ifndef DYTALLIX_H
#define DYTALLIX_H

#include <stdint.h>

/* A method: `DYTALLIX_METHOD(transfer) { … }`. */
#define DYTALLIX_METHOD(name) \
    __attribute__((export_name(#name))) void method_##name(void)

#define DYTALLIX_IMPORT(name) \
    __attribute__((import_module("env"), import_name(#name)))

/* Version of the ABI. */
#define DYTALLIX_ABI_VERSION 1

/* Length of an address. */
#define DYTALLIX_ADDRESS_BYTES 32

/* Length of an amount. */
#define DYTALLIX_AMOUNT_BYTES 16

/* A result of a host function. There is no such entry. */
#define DYTALLIX_ERROR_ABSENT (-1)

/* A status of a call. The method returned. */
#define DYTALLIX_STATUS_SUCCESS 0

/* A status of a call. The callee ended itself by `revert`. */
#define DYTALLIX_STATUS_REVERTED 1

/* A status of a call. The callee trapped. */
#define DYTALLIX_STATUS_TRAPPED 2

/* A status of a call. The callee used up the gas it was given. */
#define DYTALLIX_STATUS_OUT_OF_GAS 3

/* A status of a call. There is no contract at that address, or it has no such method. */
#define DYTALLIX_STATUS_NOT_FOUND 4

/* A status of a call. The caller has less than the value it wanted to send. */
#define DYTALLIX_STATUS_BALANCE 5

/* A status of a call. The callee is already running and has not been opened to re-entry. */
#define DYTALLIX_STATUS_REENTRY_REFUSED 6

/* A status of a call. The callee or the chain does not permit this call. */
#define DYTALLIX_STATUS_NOT_PERMITTED 7

/* A status of a call. The callee's code is no longer admissible under the chain's rules. */
#define DYTALLIX_STATUS_CODE_INADMISSIBLE 8

/* A status of a call. The callee is between two versions. */
#define DYTALLIX_STATUS_MIGRATING 9

/* A status of a call. The chain's governor has paused the callee. */
#define DYTALLIX_STATUS_PAUSED 10

/* A flag of a call. While it runs, the calling contract may be entered again. */
#define DYTALLIX_FLAG_ALLOW_REENTRY 1

/* A first byte of revert data. The arguments are not the canonical encoding of the method's
   parameters. Nothing follows. */
#define DYTALLIX_REVERT_BAD_ARGUMENTS 0xF0

/* A first byte of revert data. Arithmetic overflowed, or divided by zero. Nothing follows. */
#define DYTALLIX_REVERT_ARITHMETIC_OVERFLOW 0xF1

/* A first byte of revert data. The contract panicked. The message follows, UTF-8 up to the end
   of the data. */
#define DYTALLIX_REVERT_PANIC 0xF2

/* A first byte of revert data. Bytes in storage do not decode as the type of their handle.
   Nothing follows. */
#define DYTALLIX_REVERT_STORED_BYTES 0xF3

/* A first byte of revert data. A call failed whose success the contract relied on. Its status
   follows, four bytes little-endian, then the callee's return or revert data up to the end. */
#define DYTALLIX_REVERT_CALL_FAILED 0xF4

/* A first byte of revert data. Value was sent to a method that is not payable, or the caller may
   not do this. Nothing follows. */
#define DYTALLIX_REVERT_NOT_PERMITTED 0xF5

/* Reads the value at `key` of this contract's storage into `out`. Returns its length, or −1 if
   there is no such key. */
DYTALLIX_IMPORT(storage_get)
int64_t host_storage_get(const void *key, uint32_t key_length, void *out, uint32_t capacity);

/* Sets the value at `key` of this contract's storage. An empty value is a value: the key exists. */
DYTALLIX_IMPORT(storage_set)
void host_storage_set(
    const void *key, uint32_t key_length, const void *value, uint32_t value_length
);

/* Removes `key` from this contract's storage. Returns 1 if it was there, else 0. */
DYTALLIX_IMPORT(storage_remove)
int32_t host_storage_remove(const void *key, uint32_t key_length);

/* Returns 1 if this contract's storage has `key`, else 0. */
DYTALLIX_IMPORT(storage_has)
int32_t host_storage_has(const void *key, uint32_t key_length);

/* Returns the length of this call's arguments, in bytes. */
DYTALLIX_IMPORT(input_size)
int32_t host_input_size(void);

/* Copies `length` bytes of this call's arguments, from `offset` on, to `out`. A range that
   reaches beyond the arguments traps. */
DYTALLIX_IMPORT(input_copy)
void host_input_copy(void *out, uint32_t offset, uint32_t length);

/* Sets the data that this call returns, replacing what was set before. The call goes on. In the
   outermost call the data is part of the receipt and costs state-write gas. */
DYTALLIX_IMPORT(set_return)
void host_set_return(const void *data, uint32_t length);

/* Ends this call with `data`, undoing all its changes and those of the calls it made. Does not
   return. */
DYTALLIX_IMPORT(revert)
__attribute__((noreturn)) void host_revert(const void *data, uint32_t length);

/* Returns the length of the data that the last call made from here gave back, in bytes; 0 before
   any call. */
DYTALLIX_IMPORT(return_size)
int32_t host_return_size(void);

/* Copies `length` bytes of the data that the last call gave back, from `offset` on, to `out`. A
   range that reaches beyond the data traps. */
DYTALLIX_IMPORT(return_copy)
void host_return_copy(void *out, uint32_t offset, uint32_t length);

/* Calls `method` of the contract at `to` (32 bytes) with `arguments`, sending `value` (16 bytes)
   and at most `gas` (unsigned; never more than 63/64 of what is left). Returns the status of the
   call. */
DYTALLIX_IMPORT(external_call)
int32_t host_external_call(
    const void *to, const void *method, uint32_t method_length, const void *arguments,
    uint32_t arguments_length, const void *value, uint64_t gas, uint32_t flags
);

/* Writes the address (32 bytes) of the account or contract that made this call to `out`. */
DYTALLIX_IMPORT(caller_address)
void host_caller_address(void *out);

/* Writes the address (32 bytes) of this contract to `out`. */
DYTALLIX_IMPORT(self_address)
void host_self_address(void *out);

/* Emits an event. `topics` is a `u32` count (at most 4), then for each topic its `u32` length
   (at most 64) and its bytes, all little-endian with nothing after. The event is undone with the
   call that emitted it. */
DYTALLIX_IMPORT(emit_event)
void host_emit_event(
    const void *topics, uint32_t topics_length, const void *data, uint32_t data_length
);

/* Writes the first key of this contract's storage that begins with `prefix` and is greater, in
   byte order, than `after` (empty: from the first on) to `out`. Returns the key's length, or −1
   if there is none. Keys that were removed in this block and have to be passed over are paid for
   as keys that were found. */
DYTALLIX_IMPORT(storage_next)
int64_t host_storage_next(
    const void *prefix, uint32_t prefix_length, const void *after, uint32_t after_length, void *out,
    uint32_t capacity
);

/* Reads the value at `key` of this contract's transient storage, which is cleared at the end of
   the transaction, into `out`. Returns its length, or −1 if there is none. */
DYTALLIX_IMPORT(transient_get)
int64_t host_transient_get(const void *key, uint32_t key_length, void *out, uint32_t capacity);

/* Sets the value at `key` of this contract's transient storage. An empty value removes the key. */
DYTALLIX_IMPORT(transient_set)
void host_transient_set(
    const void *key, uint32_t key_length, const void *value, uint32_t value_length
);

/* Calls `method` of the contract at `to` (32 bytes) in a read-only frame: whatever runs below it
   can change nothing. Otherwise as `external_call`, without a value. */
DYTALLIX_IMPORT(staticcall)
int32_t host_staticcall(
    const void *to, const void *method, uint32_t method_length, const void *arguments,
    uint32_t arguments_length, uint64_t gas, uint32_t flags
);

/* Runs `method` of the code with hash `code_hash` (32 bytes) on the storage, balance and address
   of this contract, with this call's caller and value. Refused with status 7 where the chain or
   this contract's declared capabilities do not permit it. */
DYTALLIX_IMPORT(delegatecall)
int32_t host_delegatecall(
    const void *code_hash, const void *method, uint32_t method_length, const void *arguments,
    uint32_t arguments_length, uint64_t gas, uint32_t flags
);

/* Makes a contract of the code with hash `code_hash` (32 bytes), deployed by this contract with
   `salt` (32 bytes), and runs its `init` with `arguments` and `value`. `admin` says who may
   upgrade it: nothing for nobody, else an encoded admin. Writes its address (32 bytes) to `out`
   where the status is 0. */
DYTALLIX_IMPORT(instantiate)
int32_t host_instantiate(
    const void *code_hash, const void *salt, const void *admin, uint32_t admin_length,
    const void *arguments, uint32_t arguments_length, const void *value, uint64_t gas, void *out
);

/* Moves `amount` (16 bytes) from this contract's balance to the account at `to` (32 bytes),
   running nothing. Returns 0; 5 if this contract has less; 7 if `to` is a contract that does not
   declare that it receives value. */
DYTALLIX_IMPORT(transfer)
int32_t host_transfer(const void *to, const void *amount);

/* Writes the address (32 bytes) of the account that signed the transaction to `out`. It says who
   pays, not who calls: take authority from `caller_address`. */
DYTALLIX_IMPORT(signer_address)
void host_signer_address(void *out);

/* Writes the value (16 bytes) that came with this call to `out`. */
DYTALLIX_IMPORT(call_value)
void host_call_value(void *out);

/* Writes the balance (16 bytes) of this contract to `out`; the call's value is in it. */
DYTALLIX_IMPORT(contract_balance)
void host_contract_balance(void *out);

/* Writes the balance (16 bytes) of the account at `address` (32 bytes) to `out`. */
DYTALLIX_IMPORT(balance_of)
void host_balance_of(const void *address, void *out);

/* Returns the height of the block that this transaction is in. */
DYTALLIX_IMPORT(block_height)
int64_t host_block_height(void);

/* Returns the time of the block, in milliseconds since 1970-01-01T00:00:00Z, as its proposer
   says. */
DYTALLIX_IMPORT(block_time_ms)
int64_t host_block_time_ms(void);

/* Writes the hash (32 bytes) of the block at `height` to `out` and returns 0, or returns −1
   where it is not one of the last 256 blocks before this one. */
DYTALLIX_IMPORT(block_hash)
int32_t host_block_hash(uint64_t height, void *out);

/* Returns the number of the chain. */
DYTALLIX_IMPORT(chain_id)
int64_t host_chain_id(void);

/* Writes the hash (32 bytes) of the transaction to `out`. */
DYTALLIX_IMPORT(tx_hash)
void host_tx_hash(void *out);

/* Returns the gas that is left to this call, after the price of asking. */
DYTALLIX_IMPORT(gas_left)
int64_t host_gas_left(void);

/* Writes the code hash (32 bytes) of the contract at `address` (32 bytes) to `out` and returns
   0, or returns −1 where there is no contract. */
DYTALLIX_IMPORT(code_hash_of)
int32_t host_code_hash_of(const void *address, void *out);

/* Writes the Keccak-256 hash (32 bytes) of `data`, with the padding that Ethereum uses, to
   `out`. */
DYTALLIX_IMPORT(hash_keccak256)
void host_hash_keccak256(const void *data, uint32_t length, void *out);

/* Writes the SHA3-256 hash (32 bytes; FIPS 202) of `data` to `out`. */
DYTALLIX_IMPORT(hash_sha3_256)
void host_hash_sha3_256(const void *data, uint32_t length, void *out);

/* Writes the SHA-256 hash (32 bytes; FIPS 180-4) of `data` to `out`. */
DYTALLIX_IMPORT(hash_sha256)
void host_hash_sha256(const void *data, uint32_t length, void *out);

/* Writes the BLAKE3 hash (32 bytes) of `data` to `out`. */
DYTALLIX_IMPORT(hash_blake3)
void host_hash_blake3(const void *data, uint32_t length, void *out);

/* Returns 1 if `signature` is one of `message` under `context` by `public_key`, in the signature
   scheme of number `scheme`; else 0. A wrong length is 0, and so is a number that is no scheme.
   1 Dilithium3 (round 3; takes no context), 2 ML-DSA-65, 3 ML-DSA-87, 4 ML-DSA-44 (FIPS 204), 5
   SLH-DSA-SHA2-128s (FIPS 205). */
DYTALLIX_IMPORT(pqc_verify)
int32_t host_pqc_verify(
    uint32_t scheme, const void *public_key, uint32_t public_key_length, const void *message,
    uint32_t message_length, const void *context, uint32_t context_length, const void *signature,
    uint32_t signature_length
);

/* Returns 1 if `signature` (64 bytes) is one of `message` by the Ed25519 key `public_key` (32
   bytes; RFC 8032), else 0. Cofactorless; points of small order and encodings that are not
   canonical are 0. */
DYTALLIX_IMPORT(ed25519_verify)
int32_t host_ed25519_verify(
    const void *public_key, const void *message, uint32_t message_length, const void *signature
);

/* Writes the secp256k1 public key (64 bytes, x then y, big-endian) that made `signature` (65
   bytes: r, s, and v = 0 or 1) of `hash` (32 bytes) to `out` and returns 1; returns 0 where
   there is none, or s is in the upper half. */
DYTALLIX_IMPORT(recover_pubkey)
int32_t host_recover_pubkey(const void *hash, const void *signature, void *out);

/* Gives this contract the code with hash `code_hash` (32 bytes) once this call has succeeded;
   the new code's `migrate` runs then, on the schema number of the old code (`u32`,
   little-endian) and `arguments`, and its failure fails this call. Returns 0; 4 if there is no
   such code; 7 if this contract is not its own admin; 8 if the code is not admissible. */
DYTALLIX_IMPORT(upgrade_code)
int32_t host_upgrade_code(const void *code_hash, const void *arguments, uint32_t arguments_length);

/* Returns the risk score, in basis points (0 to 10,000), that the chain holds for the code of
   the contract at `address` (32 bytes), or −1 where it holds none. */
DYTALLIX_IMPORT(risk_score)
int64_t host_risk_score(const void *address);

/* Hands a text to whoever watches this node. Costs the same whether anybody does, and changes
   nothing. */
DYTALLIX_IMPORT(debug_log)
void host_debug_log(const void *data, uint32_t length);

#endif
