//! `transfer` of an ERC-20 token, assembled by hand: what it must do and nothing else.
//!
//! Balances lie where Solidity puts the first mapping of a contract. Checked as there: the sender
//! has the amount, the receiver's sum does not wrap; then both balances are stored, the event is
//! emitted and 1 is returned. A compiler's code also checks the arguments' padding and the value
//! that comes along, and finds its function among others: some hundred operations more.

use revm::primitives::{Address, U256, keccak256};

/// Selector of `transfer(address,uint256)`.
pub(crate) const TRANSFER: [u8; 4] = [0xa9, 0x05, 0x9c, 0xbb];

/// The slot of an account's balance.
pub(crate) fn balance_slot(account: Address) -> U256 {
    let mut preimage = [0; 64];
    preimage[12..32].copy_from_slice(account.as_slice());
    U256::from_be_bytes(keccak256(preimage).0)
}

/// Where a refused call goes on.
const FAIL: u8 = 0x0f;
/// Where `transfer` begins.
const BEGIN: u8 = 0x13;

/// The code; behind each piece what is on the stack then.
#[rustfmt::skip]
pub(crate) const CODE: &[u8] = &[
    // 00: is it `transfer`?
    0x5f, 0x35, 0x60, 0xe0, 0x1c,             // push0 calldataload push1 224 shr
    0x63, 0xa9, 0x05, 0x9c, 0xbb, 0x14,       // push4 selector eq
    0x60, BEGIN, 0x57,                        // push1 begin jumpi
    0x00,                                     // stop: no other function
    // 0f: refused
    0x5b, 0x5f, 0x5f, 0xfd,                   // jumpdest push0 push0 revert
    // 13: the sender's balance
    0x5b, 0x33, 0x5f, 0x52,                   // jumpdest caller push0 mstore
    0x5f, 0x60, 0x20, 0x52,                   // push0 push1 32 mstore
    0x60, 0x40, 0x5f, 0x20,                   // push1 64 push0 keccak256   slot
    0x80, 0x54,                               // dup1 sload                 slot balance
    0x60, 0x24, 0x35,                         // push1 36 calldataload      slot balance amount
    0x80, 0x82, 0x10, 0x60, FAIL, 0x57,       // dup1 dup3 lt push1 fail jumpi
    0x80, 0x91, 0x03,                         // dup1 swap2 sub             slot amount left
    0x82, 0x55,                               // dup3 sstore                slot amount
    // the receiver's
    0x60, 0x04, 0x35,                         // push1 4 calldataload       slot amount to
    0x73, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x16, // push20 mask and
    0x80, 0x5f, 0x52,                         // dup1 push0 mstore
    0x60, 0x40, 0x5f, 0x20,                   // push1 64 push0 keccak256   slot amount to slot
    0x80, 0x54,                               // dup1 sload                 … slot balance
    0x83, 0x01,                               // dup4 add                   … slot sum
    0x83, 0x81, 0x10, 0x60, FAIL, 0x57,       // dup4 dup2 lt push1 fail jumpi
    0x90, 0x55,                               // swap1 sstore               slot amount to
    // the event, whose first topic is keccak256("Transfer(address,address,uint256)")
    0x81, 0x5f, 0x52,                         // dup2 push0 mstore
    0x80, 0x33, 0x7f,                         // dup1 caller push32
    0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa,
    0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef,
    0x60, 0x20, 0x5f, 0xa3,                   // push1 32 push0 log3
    0x60, 0x01, 0x5f, 0x52,                   // push1 1 push0 mstore
    0x60, 0x20, 0x5f, 0xf3,                   // push1 32 push0 return
];
