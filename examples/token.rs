//! A token: one owner who mints, balances that move.
//!
//! Arguments and results are fixed-width and little-endian: an address is 32 bytes, an amount 16.
//!
//! | method | arguments | returns |
//! |---|---|---|
//! | `init` | owner, supply | |
//! | `mint` | to, amount | |
//! | `transfer` | to, amount | |
//! | `balance_of` | address | amount |
//! | `total_supply` | | amount |
//!
//! `init` runs once, at deployment, and gives the whole supply to the owner. Only the owner mints.
//! What can not be done reverts with a message. Events: `Mint` (topics: name, to) and `Transfer`
//! (topics: name, from, to), both with the amount as data.
#![no_std]
#![cfg_attr(target_arch = "wasm32", no_main)]

use dytallix_examples::{
    ADDRESS, Address, arguments, caller, emit, field, load, remove, revert, set_return, store,
};

const OWNER: &[u8] = b"owner";
const SUPPLY: &[u8] = b"supply";

#[unsafe(no_mangle)]
extern "C" fn init() {
    let input: [u8; 48] = arguments();
    let owner: Address = field(&input, 0);
    store(OWNER, &owner);
    add_supply(&owner, u128::from_le_bytes(field(&input, ADDRESS)));
}

#[unsafe(no_mangle)]
extern "C" fn mint() {
    let input: [u8; 48] = arguments();
    if load(OWNER) != Some(caller()) {
        revert(b"mint: only the owner may mint");
    }
    add_supply(&field(&input, 0), u128::from_le_bytes(field(&input, ADDRESS)));
}

#[unsafe(no_mangle)]
extern "C" fn transfer() {
    let input: [u8; 48] = arguments();
    let (from, to): (Address, Address) = (caller(), field(&input, 0));
    let amount = u128::from_le_bytes(field(&input, ADDRESS));
    match balance(&from).checked_sub(amount) {
        Some(left) => set_balance(&from, left),
        None => revert(b"transfer: the balance is less than the amount"),
    }
    // The sum of all balances is the supply, which fits: this is a check of the contract itself.
    match balance(&to).checked_add(amount) {
        Some(sum) => set_balance(&to, sum),
        None => revert(b"transfer: the balance would be too great"),
    }
    let mut topics = [0; 4 + 12 + 36 + 36];
    put(&mut topics, 0, &3_u32.to_le_bytes());
    put_topic(&mut topics, 4, b"Transfer");
    put_topic(&mut topics, 16, &from);
    put_topic(&mut topics, 52, &to);
    emit(&topics, &amount.to_le_bytes());
}

#[unsafe(no_mangle)]
extern "C" fn balance_of() {
    set_return(&balance(&arguments()).to_le_bytes());
}

#[unsafe(no_mangle)]
extern "C" fn total_supply() {
    let [] = arguments();
    set_return(&supply().to_le_bytes());
}

/// Makes `amount` new tokens for `to`.
fn add_supply(to: &Address, amount: u128) {
    let Some(supply) = supply().checked_add(amount) else {
        revert(b"mint: the supply would be too great");
    };
    store(SUPPLY, &supply.to_le_bytes());
    // No balance is greater than the supply, so this sum fits too.
    set_balance(to, balance(to) + amount);
    let mut topics = [0; 4 + 8 + 36];
    put(&mut topics, 0, &2_u32.to_le_bytes());
    put_topic(&mut topics, 4, b"Mint");
    put_topic(&mut topics, 12, to);
    emit(&topics, &amount.to_le_bytes());
}

fn supply() -> u128 {
    load(SUPPLY).map_or(0, u128::from_le_bytes)
}

fn balance(of: &Address) -> u128 {
    load(&balance_key(of)).map_or(0, u128::from_le_bytes)
}

/// A balance of zero takes no storage.
fn set_balance(of: &Address, amount: u128) {
    match amount {
        0 => remove(&balance_key(of)),
        amount => store(&balance_key(of), &amount.to_le_bytes()),
    }
}

fn balance_key(of: &Address) -> [u8; 1 + ADDRESS] {
    let mut key = [b'b'; 1 + ADDRESS];
    put(&mut key, 1, of);
    key
}

fn put_topic(topics: &mut [u8], at: usize, topic: &[u8]) {
    put(topics, at, &(topic.len() as u32).to_le_bytes());
    put(topics, at + 4, topic);
}

fn put(bytes: &mut [u8], at: usize, part: &[u8]) {
    bytes[at..at + part.len()].copy_from_slice(part);
}

#[cfg(target_arch = "wasm32")]
#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    dytallix_examples::abort()
}
