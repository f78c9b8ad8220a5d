// A counter in AssemblyScript: `../counter.rs`, method by method, with the same storage, events and
// errors.
//
// It keeps what it needs in static memory and reads and writes bytes by their places, so that no
// runtime comes with it: no allocator, no `start` function, no import but those of `dytallix.ts`. A
// module without an ABI section has the methods that it exports, none of which takes value.

import * as host from "./dytallix";

/// The sum would be greater than 2^64 - 1.
const OVERFLOW: u8 = 0;

/// The key of the number: one byte, 0.
const COUNT = memory.data<u8>([0]);

/// Where a number of 64 bits passes to and from the host.
const NUMBER = memory.data(8, 8);

/// The topics of the event: two, the name and the account, each behind its length.
const ADDED = memory.data<u8>([2, 0, 0, 0, 5, 0, 0, 0, 65, 100, 100, 101, 100, 32, 0, 0, 0]);
const ADDED_LENGTH: u32 = 17;
/// The topics as they are emitted, with the account at their end.
const TOPICS = memory.data(49);

function fail(code: u8): void {
  store<u8>(NUMBER, code);
  host.revert(NUMBER, 1);
}

/// Arguments are as long as the method's parameters, or they are none.
function checkArguments(length: u32): void {
  if (<u32>host.input_size() != length) fail(<u8>host.REVERT_BAD_ARGUMENTS);
}

/// The one argument of a method. WebAssembly is little-endian, and so are numbers in their encoding.
function argument(): u64 {
  checkArguments(8);
  host.input_copy(NUMBER, 0, 8);
  return load<u64>(NUMBER);
}

function loadCount(): u64 {
  const length = host.storage_get(COUNT, 1, NUMBER, 8);
  if (length == host.ERROR_ABSENT) return 0;
  if (length != 8) fail(<u8>host.REVERT_STORED_BYTES);
  return load<u64>(NUMBER);
}

/// Somebody added to the number.
function emitAdded(amount: u64): void {
  memory.copy(TOPICS, ADDED, ADDED_LENGTH);
  host.caller_address(TOPICS + ADDED_LENGTH);
  store<u64>(NUMBER, amount);
  host.emit_event(TOPICS, ADDED_LENGTH + host.ADDRESS_BYTES, NUMBER, 8);
}

/// Begins at a number: `start: u64`.
export function init(): void {
  argument();
  host.storage_set(COUNT, 1, NUMBER, 8);
}

/// Adds to it: `amount: u64`; the sum.
export function add(): void {
  const amount = argument();
  emitAdded(amount);
  const sum = loadCount() + amount;
  if (sum < amount) fail(OVERFLOW);
  store<u64>(NUMBER, sum);
  host.storage_set(COUNT, 1, NUMBER, 8);
  host.set_return(NUMBER, 8);
}

/// The number.
export function count(): void {
  checkArguments(0);
  store<u64>(NUMBER, loadCount());
  host.set_return(NUMBER, 8);
}
