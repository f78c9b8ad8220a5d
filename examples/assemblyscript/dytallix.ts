// Host functions of the Dytallix contract ABI, for contracts in AssemblyScript.
//
// Generated from the table in abi/src/table.rs: `BLESS=1 cargo test -p dytallix-abi` rewrites this
// file. docs/reference/host-functions.md has the same with prices and effects.
//
// An address is 32 bytes, an amount 16 bytes little-endian. A variable output is `(out, capacity)`
// and a result: the full length where it is not negative (nothing is written if that exceeds the
// capacity), else an error code. A pointer that reaches out of the memory traps, and so does
// what changes state in a read-only frame.

/// Version of the ABI.
export const ABI_VERSION: i32 = 1;

/// Length of an address.
export const ADDRESS_BYTES: i32 = 32;

/// Length of an amount.
export const AMOUNT_BYTES: i32 = 16;

/// A result of a host function. There is no such entry.
export const ERROR_ABSENT: i32 = (-1);

/// A status of a call. The method returned.
export const STATUS_SUCCESS: i32 = 0;

/// A status of a call. The callee ended itself by `revert`.
export const STATUS_REVERTED: i32 = 1;

/// A status of a call. The callee trapped.
export const STATUS_TRAPPED: i32 = 2;

/// A status of a call. The callee used up the gas it was given.
export const STATUS_OUT_OF_GAS: i32 = 3;

/// A status of a call. There is no contract at that address, or it has no such method.
export const STATUS_NOT_FOUND: i32 = 4;

/// A status of a call. The caller has less than the value it wanted to send.
export const STATUS_BALANCE: i32 = 5;

/// A status of a call. The callee is already running and has not been opened to re-entry.
export const STATUS_REENTRY_REFUSED: i32 = 6;

/// A status of a call. The callee or the chain does not permit this call.
export const STATUS_NOT_PERMITTED: i32 = 7;

/// A status of a call. The callee's code is no longer admissible under the chain's rules.
export const STATUS_CODE_INADMISSIBLE: i32 = 8;

/// A status of a call. The callee is between two versions.
export const STATUS_MIGRATING: i32 = 9;

/// A status of a call. The chain's governor has paused the callee.
export const STATUS_PAUSED: i32 = 10;

/// A flag of a call. While it runs, the calling contract may be entered again.
export const FLAG_ALLOW_REENTRY: i32 = 1;

/// A first byte of revert data. The arguments are not the canonical encoding of the method's
/// parameters. Nothing follows.
export const REVERT_BAD_ARGUMENTS: i32 = 0xF0;

/// A first byte of revert data. Arithmetic overflowed, or divided by zero. Nothing follows.
export const REVERT_ARITHMETIC_OVERFLOW: i32 = 0xF1;

/// A first byte of revert data. The contract panicked. The message follows, UTF-8 up to the end of
/// the data.
export const REVERT_PANIC: i32 = 0xF2;

/// A first byte of revert data. Bytes in storage do not decode as the type of their handle. Nothing
/// follows.
export const REVERT_STORED_BYTES: i32 = 0xF3;

/// A first byte of revert data. A call failed whose success the contract relied on. Its status
/// follows, four bytes little-endian, then the callee's return or revert data up to the end.
export const REVERT_CALL_FAILED: i32 = 0xF4;

/// A first byte of revert data. Value was sent to a method that is not payable, or the caller may
/// not do this. Nothing follows.
export const REVERT_NOT_PERMITTED: i32 = 0xF5;

/// Reads the value at `key` of this contract's storage into `out`. Returns its length, or −1 if
/// there is no such key.
// @ts-ignore: decorator
@external("env", "storage_get")
export declare function storage_get(key: usize, key_length: u32, out: usize, capacity: u32): i64;

/// Sets the value at `key` of this contract's storage. An empty value is a value: the key exists.
// @ts-ignore: decorator
@external("env", "storage_set")
export declare function storage_set(
    key: usize, key_length: u32, value: usize, value_length: u32
): void;

/// Removes `key` from this contract's storage. Returns 1 if it was there, else 0.
// @ts-ignore: decorator
@external("env", "storage_remove")
export declare function storage_remove(key: usize, key_length: u32): i32;

/// Returns 1 if this contract's storage has `key`, else 0.
// @ts-ignore: decorator
@external("env", "storage_has")
export declare function storage_has(key: usize, key_length: u32): i32;

/// Returns the length of this call's arguments, in bytes.
// @ts-ignore: decorator
@external("env", "input_size")
export declare function input_size(): i32;

/// Copies `length` bytes of this call's arguments, from `offset` on, to `out`. A range that reaches
/// beyond the arguments traps.
// @ts-ignore: decorator
@external("env", "input_copy")
export declare function input_copy(out: usize, offset: u32, length: u32): void;

/// Sets the data that this call returns, replacing what was set before. The call goes on. In the
/// outermost call the data is part of the receipt and costs state-write gas.
// @ts-ignore: decorator
@external("env", "set_return")
export declare function set_return(data: usize, length: u32): void;

/// Ends this call with `data`, undoing all its changes and those of the calls it made. Does not
/// return.
// @ts-ignore: decorator
@external("env", "revert")
export declare function revert(data: usize, length: u32): void;

/// Returns the length of the data that the last call made from here gave back, in bytes; 0 before
/// any call.
// @ts-ignore: decorator
@external("env", "return_size")
export declare function return_size(): i32;

/// Copies `length` bytes of the data that the last call gave back, from `offset` on, to `out`. A
/// range that reaches beyond the data traps.
// @ts-ignore: decorator
@external("env", "return_copy")
export declare function return_copy(out: usize, offset: u32, length: u32): void;

/// Calls `method` of the contract at `to` (32 bytes) with `arguments`, sending `value` (16 bytes)
/// and at most `gas` (unsigned; never more than 63/64 of what is left). Returns the status of the
/// call.
// @ts-ignore: decorator
@external("env", "external_call")
export declare function external_call(
    to: usize, method: usize, method_length: u32, arguments: usize, arguments_length: u32,
    value: usize, gas: u64, flags: u32
): i32;

/// Writes the address (32 bytes) of the account or contract that made this call to `out`.
// @ts-ignore: decorator
@external("env", "caller_address")
export declare function caller_address(out: usize): void;

/// Writes the address (32 bytes) of this contract to `out`.
// @ts-ignore: decorator
@external("env", "self_address")
export declare function self_address(out: usize): void;

/// Emits an event. `topics` is a `u32` count (at most 4), then for each topic its `u32` length (at
/// most 64) and its bytes, all little-endian with nothing after. The event is undone with the call
/// that emitted it.
// @ts-ignore: decorator
@external("env", "emit_event")
export declare function emit_event(
    topics: usize, topics_length: u32, data: usize, data_length: u32
): void;

/// Writes the first key of this contract's storage that begins with `prefix` and is greater, in
/// byte order, than `after` (empty: from the first on) to `out`. Returns the key's length, or −1 if
/// there is none. Keys that were removed in this block and have to be passed over are paid for as
/// keys that were found.
// @ts-ignore: decorator
@external("env", "storage_next")
export declare function storage_next(
    prefix: usize, prefix_length: u32, after: usize, after_length: u32, out: usize, capacity: u32
): i64;

/// Reads the value at `key` of this contract's transient storage, which is cleared at the end of
/// the transaction, into `out`. Returns its length, or −1 if there is none.
// @ts-ignore: decorator
@external("env", "transient_get")
export declare function transient_get(key: usize, key_length: u32, out: usize, capacity: u32): i64;

/// Sets the value at `key` of this contract's transient storage. An empty value removes the key.
// @ts-ignore: decorator
@external("env", "transient_set")
export declare function transient_set(
    key: usize, key_length: u32, value: usize, value_length: u32
): void;

/// Calls `method` of the contract at `to` (32 bytes) in a read-only frame: whatever runs below it
/// can change nothing. Otherwise as `external_call`, without a value.
// @ts-ignore: decorator
@external("env", "staticcall")
export declare function staticcall(
    to: usize, method: usize, method_length: u32, arguments: usize, arguments_length: u32, gas: u64,
    flags: u32
): i32;

/// Runs `method` of the code with hash `code_hash` (32 bytes) on the storage, balance and address
/// of this contract, with this call's caller and value. Refused with status 7 where the chain or
/// this contract's declared capabilities do not permit it.
// @ts-ignore: decorator
@external("env", "delegatecall")
export declare function delegatecall(
    code_hash: usize, method: usize, method_length: u32, arguments: usize, arguments_length: u32,
    gas: u64, flags: u32
): i32;

/// Makes a contract of the code with hash `code_hash` (32 bytes), deployed by this contract with
/// `salt` (32 bytes), and runs its `init` with `arguments` and `value`. `admin` says who may
/// upgrade it: nothing for nobody, else an encoded admin. Writes its address (32 bytes) to `out`
/// where the status is 0.
// @ts-ignore: decorator
@external("env", "instantiate")
export declare function instantiate(
    code_hash: usize, salt: usize, admin: usize, admin_length: u32, arguments: usize,
    arguments_length: u32, value: usize, gas: u64, out: usize
): i32;

/// Moves `amount` (16 bytes) from this contract's balance to the account at `to` (32 bytes),
/// running nothing. Returns 0; 5 if this contract has less; 7 if `to` is a contract that does not
/// declare that it receives value.
// @ts-ignore: decorator
@external("env", "transfer")
export declare function transfer(to: usize, amount: usize): i32;

/// Writes the address (32 bytes) of the account that signed the transaction to `out`. It says who
/// pays, not who calls: take authority from `caller_address`.
// @ts-ignore: decorator
@external("env", "signer_address")
export declare function signer_address(out: usize): void;

/// Writes the value (16 bytes) that came with this call to `out`.
// @ts-ignore: decorator
@external("env", "call_value")
export declare function call_value(out: usize): void;

/// Writes the balance (16 bytes) of this contract to `out`; the call's value is in it.
// @ts-ignore: decorator
@external("env", "contract_balance")
export declare function contract_balance(out: usize): void;

/// Writes the balance (16 bytes) of the account at `address` (32 bytes) to `out`.
// @ts-ignore: decorator
@external("env", "balance_of")
export declare function balance_of(address: usize, out: usize): void;

/// Returns the height of the block that this transaction is in.
// @ts-ignore: decorator
@external("env", "block_height")
export declare function block_height(): i64;

/// Returns the time of the block, in milliseconds since 1970-01-01T00:00:00Z, as its proposer says.
// @ts-ignore: decorator
@external("env", "block_time_ms")
export declare function block_time_ms(): i64;

/// Writes the hash (32 bytes) of the block at `height` to `out` and returns 0, or returns −1 where
/// it is not one of the last 256 blocks before this one.
// @ts-ignore: decorator
@external("env", "block_hash")
export declare function block_hash(height: u64, out: usize): i32;

/// Returns the number of the chain.
// @ts-ignore: decorator
@external("env", "chain_id")
export declare function chain_id(): i64;

/// Writes the hash (32 bytes) of the transaction to `out`.
// @ts-ignore: decorator
@external("env", "tx_hash")
export declare function tx_hash(out: usize): void;

/// Returns the gas that is left to this call, after the price of asking.
// @ts-ignore: decorator
@external("env", "gas_left")
export declare function gas_left(): i64;

/// Writes the code hash (32 bytes) of the contract at `address` (32 bytes) to `out` and returns 0,
/// or returns −1 where there is no contract.
// @ts-ignore: decorator
@external("env", "code_hash_of")
export declare function code_hash_of(address: usize, out: usize): i32;

/// Writes the Keccak-256 hash (32 bytes) of `data`, with the padding that Ethereum uses, to `out`.
// @ts-ignore: decorator
@external("env", "hash_keccak256")
export declare function hash_keccak256(data: usize, length: u32, out: usize): void;

/// Writes the SHA3-256 hash (32 bytes; FIPS 202) of `data` to `out`.
// @ts-ignore: decorator
@external("env", "hash_sha3_256")
export declare function hash_sha3_256(data: usize, length: u32, out: usize): void;

/// Writes the SHA-256 hash (32 bytes; FIPS 180-4) of `data` to `out`.
// @ts-ignore: decorator
@external("env", "hash_sha256")
export declare function hash_sha256(data: usize, length: u32, out: usize): void;

/// Writes the BLAKE3 hash (32 bytes) of `data` to `out`.
// @ts-ignore: decorator
@external("env", "hash_blake3")
export declare function hash_blake3(data: usize, length: u32, out: usize): void;

/// Returns 1 if `signature` is one of `message` under `context` by `public_key`, in the signature
/// scheme of number `scheme`; else 0. A wrong length is 0, and so is a number that is no scheme. 1
/// Dilithium3 (round 3; takes no context), 2 ML-DSA-65, 3 ML-DSA-87, 4 ML-DSA-44 (FIPS 204), 5
/// SLH-DSA-SHA2-128s (FIPS 205).
// @ts-ignore: decorator
@external("env", "pqc_verify")
export declare function pqc_verify(
    scheme: u32, public_key: usize, public_key_length: u32, message: usize, message_length: u32,
    context: usize, context_length: u32, signature: usize, signature_length: u32
): i32;

/// Returns 1 if `signature` (64 bytes) is one of `message` by the Ed25519 key `public_key` (32
/// bytes; RFC 8032), else 0. Cofactorless; points of small order and encodings that are not
/// canonical are 0.
// @ts-ignore: decorator
@external("env", "ed25519_verify")
export declare function ed25519_verify(
    public_key: usize, message: usize, message_length: u32, signature: usize
): i32;

/// Writes the secp256k1 public key (64 bytes, x then y, big-endian) that made `signature` (65
/// bytes: r, s, and v = 0 or 1) of `hash` (32 bytes) to `out` and returns 1; returns 0 where there
/// is none, or s is in the upper half.
// @ts-ignore: decorator
@external("env", "recover_pubkey")
export declare function recover_pubkey(hash: usize, signature: usize, out: usize): i32;

/// Gives this contract the code with hash `code_hash` (32 bytes) once this call has succeeded; the
/// new code's `migrate` runs then, on the schema number of the old code (`u32`, little-endian) and
/// `arguments`, and its failure fails this call. Returns 0; 4 if there is no such code; 7 if this
/// contract is not its own admin; 8 if the code is not admissible.
// @ts-ignore: decorator
@external("env", "upgrade_code")
export declare function upgrade_code(
    code_hash: usize, arguments: usize, arguments_length: u32
): i32;

/// Returns the risk score, in basis points (0 to 10,000), that the chain holds for the code of the
/// contract at `address` (32 bytes), or −1 where it holds none.
// @ts-ignore: decorator
@external("env", "risk_score")
export declare function risk_score(address: usize): i64;

/// Hands a text to whoever watches this node. Costs the same whether anybody does, and changes
/// nothing.
// @ts-ignore: decorator
@external("env", "debug_log")
export declare function debug_log(data: usize, length: u32): void;
