//! Encodings of state: canonical, and of the bytes that the format document shows.

use alloc::format;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::address;
use crate::primitives::{Amount, Domain, Hash, Height, Nonce};
use crate::state::rows::{
    Place, decode_account, decode_code_info, decode_history, encode_account, encode_code_info,
    encode_history, place,
};
use crate::state::{
    Account, Admin, Analysis, Auth, CodeInfo, ContractInfo, PastVersion, StateKey, Usage,
};

fn hash(n: u8) -> Hash {
    Hash::of(Domain::Code, &[&[n]])
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// A contract whose fields are all as long as they can be, threshold admins apart.
fn longest_contract() -> Account {
    let mut info = ContractInfo::deployed(hash(1), address(1), Height::new(u64::MAX));
    (info.version, info.schema) = (u32::MAX, u32::MAX);
    info.admin = Admin::TimeLock { admin: address(2), delay: u64::MAX };
    info.analysis = Some(Analysis::new(u32::MAX, 10_000, hash(2)));
    info.deposit = Amount::MAX;
    info.usage = Usage::new(u64::MAX, u64::MAX);
    let (nonce, auth) = (Nonce::new(u64::MAX), Some(Auth::new(255, hash(3))));
    Account { nonce, balance: Amount::MAX, auth, contract: Some(info) }
}

/// A contract as most are: a key as admin, an analysis, some storage.
fn usual_contract() -> Account {
    let mut info = ContractInfo::deployed(hash(1), address(1), Height::new(1_000_000))
        .admin(Admin::Key(address(2)))
        .analysis(Analysis::new(1, 150, hash(2)));
    info.deposit = Amount::new(1_000_000_000_000_000_000);
    info.usage = Usage::new(1_000, 100_000);
    let balance = Amount::new(1_000_000_000_000_000_000);
    Account { balance, contract: Some(info), ..Account::default() }
}

#[test]
fn accounts_of_version_one_have_not_moved() {
    let account = Account { nonce: Nonce::new(300), balance: Amount::new(5), ..Account::default() };
    let bytes = encode_account(&account).expect("not the default");
    assert_eq!(hex(&bytes), "0103ac0205");
    let contract =
        ContractInfo::deployed(Hash::from_bytes([0xcc; 32]), address(0xdd), Height::new(7));
    let account = Account { contract: Some(contract), ..Account::default() };
    let bytes = encode_account(&account).expect("not the default");
    let (code, deployer) = ("cc".repeat(32), "dd".repeat(32));
    assert_eq!(hex(&bytes), format!("0108{code}010000{deployer}0700000000"));
    let info = CodeInfo { references: 2, ..CodeInfo::uploaded(300, address(0xee)) };
    assert_eq!(hex(&encode_code_info(&info)), format!("0102ac02{}00", "ee".repeat(32)));
    let contract = ContractInfo::deployed(Hash::from_bytes([0xcc; 32]), address(1), Height::new(7));
    let past = PastVersion::of(&contract, Height::new(9), address(0xdd));
    let bytes = encode_history(&[past]).expect("not empty");
    assert_eq!(hex(&bytes), format!("01{code}0009{deployer}"));
}

#[test]
fn state_keys_have_not_moved_and_come_apart() {
    let (a, h) = (address(0xaa), Hash::from_bytes([0xbb; 32]));
    let cases = [
        (StateKey::Account(&a), format!("01{}", "aa".repeat(32)), Place::Account(a)),
        (StateKey::Storage(&a, b"k"), format!("02{}6b", "aa".repeat(32)), Place::Storage(a, b"k")),
        (StateKey::Code(&h), format!("03{}", "bb".repeat(32)), Place::Code(h)),
        (StateKey::History(&a), format!("04{}", "aa".repeat(32)), Place::History(a)),
    ];
    for (key, expected, apart) in cases {
        let bytes = key.to_bytes();
        assert_eq!(hex(&bytes), expected);
        assert_eq!(place(&bytes), Ok(apart));
        assert!(place(&bytes[..bytes.len() - 1]).is_err(), "one byte less");
    }
    let longer = [&StateKey::Account(&a).to_bytes()[..], b"x"].concat();
    assert!(place(&longer).is_err());
    assert!(place(&[]).is_err() && place(&[5; 33]).is_err() && place(&[0; 33]).is_err());
}

/// The overhead of a contract: the bytes of its row, its leaf, and its part of the tree's index.
#[test]
fn a_contract_has_at_most_320_bytes_of_overhead() {
    // A row in the table of state, and a row of two hashes in the table of leaves.
    let bytes_of = |account: &Account| {
        let value = encode_account(account).expect("not the default");
        33 + value.len() + 32 + 32
    };
    assert_eq!(bytes_of(&usual_contract()), 260);
    // What it has sent, owns and is opened by, it has as an account.
    let contract = Account { contract: longest_contract().contract, ..Account::default() };
    assert_eq!(bytes_of(&contract), 305);
}

#[test]
fn a_threshold_admin_has_32_bytes_a_key() {
    let length = |count: u8| {
        let admins = (0..count).map(address).collect();
        let mut account = usual_contract();
        let info = account.contract.as_mut().expect("a contract");
        info.admin = Admin::threshold(1, admins).expect("a threshold");
        encode_account(&account).expect("not the default").len()
    };
    for count in 2..20 {
        assert_eq!(length(count) - length(count - 1), 32);
    }
}

#[test]
fn a_history_entry_has_at_most_96_bytes() {
    let past = PastVersion {
        code_hash: hash(1),
        schema: u32::MAX,
        height: Height::new(u64::MAX),
        by: address(1),
    };
    let length = |count| encode_history(&vec![past; count]).expect("not empty").len();
    for count in 2..10 {
        assert!(length(count) - length(count - 1) <= 96);
    }
}

#[test]
fn encodings_that_are_not_canonical_are_refused() {
    let contract = encode_account(&usual_contract()).expect("not the default");
    for bytes in [
        &[][..],
        &[1],
        &[2, 1, 5],       // another version
        &[1, 0],          // the default account is no row
        &[1, 1, 0],       // a nonce of zero is no field
        &[1, 2, 0],       // nor is a balance of zero
        &[1, 16, 0],      // a flag without a field
        &[1, 1, 0x85, 0], // a number with a superfluous byte
        &[1, 1, 5, 0],    // bytes behind the end
        &contract[..contract.len() - 1],
    ] {
        assert!(decode_account(bytes).is_err(), "{bytes:?}");
    }
    let unsorted = Admin::Threshold { needed: 1, admins: vec![address(2), address(1)] };
    let mut account = usual_contract();
    account.contract.as_mut().expect("a contract").admin = unsorted;
    let bytes = encode_account(&account).expect("not the default");
    assert!(decode_account(&bytes).is_err(), "admins out of order");
    assert_eq!(Admin::threshold(0, vec![address(1)]), None);
    assert_eq!(Admin::threshold(2, vec![address(1)]), None);
    assert_eq!(Admin::threshold(1, vec![address(1), address(1)]), None);
    assert!(decode_history(&[1]).is_err(), "an empty history is no row");
    assert!(decode_code_info(&[1, 0, 0]).is_err());
}

fn admin() -> impl Strategy<Value = Admin> {
    prop_oneof![
        Just(Admin::None),
        Just(Admin::Itself),
        any::<u8>().prop_map(|n| Admin::Key(address(n))),
        (any::<u8>(), any::<u64>())
            .prop_map(|(n, delay)| Admin::TimeLock { admin: address(n), delay }),
        (1_u32..4, 4_u8..9).prop_map(|(needed, count)| {
            Admin::threshold(needed, (0..count).map(address).collect()).expect("a threshold")
        }),
    ]
}

fn account() -> impl Strategy<Value = Account> {
    let numbers = (any::<u64>(), any::<u128>(), any::<u32>(), any::<u16>(), 0_u32..64);
    (numbers, admin(), any::<[bool; 5]>()).prop_map(|((a, b, c, d, shift), admin, has)| {
        let (a, b, c) = (a >> shift, b >> shift, c >> (shift % 32));
        let mut info = ContractInfo::deployed(hash(1), address(3), Height::new(a)).admin(admin);
        (info.version, info.schema, info.deposit) = (c, c / 2, Amount::new(b));
        info.analysis = has[4].then(|| Analysis::new(c, d % 10_001, hash(2)));
        info.usage = Usage::new(a, a / 3);
        Account {
            nonce: Nonce::new(if has[0] { a } else { 0 }),
            balance: Amount::new(if has[1] { b } else { 0 }),
            auth: has[2].then(|| Auth::new(d as u8, hash(4))),
            contract: has[3].then_some(info),
        }
    })
}

proptest! {
    #[test]
    fn accounts_come_back_and_each_flipped_bit_is_refused_or_another(account in account()) {
        let Some(bytes) = encode_account(&account) else {
            prop_assert!(account.is_default());
            return Ok(());
        };
        prop_assert_eq!(decode_account(&bytes), Ok(account.clone()));
        for bit in 0..bytes.len() * 8 {
            let mut changed: Vec<u8> = bytes.to_vec();
            changed[bit / 8] ^= 1 << (bit % 8);
            if let Ok(other) = decode_account(&changed) {
                prop_assert_ne!(&other, &account);
                let again = encode_account(&other);
                prop_assert_eq!(again.as_deref(), Some(&changed[..]));
            }
        }
    }

    #[test]
    fn any_bytes_decode_to_what_encodes_to_them_or_not_at_all(
        bytes in proptest::collection::vec(prop_oneof![0_u8..4, any::<u8>()], 0..200)
    ) {
        if let Ok(account) = decode_account(&bytes) {
            let again = encode_account(&account);
            prop_assert_eq!(again.as_deref(), Some(&bytes[..]));
        }
        if let Ok(info) = decode_code_info(&bytes) {
            prop_assert_eq!(&encode_code_info(&info)[..], &bytes[..]);
        }
        if let Ok(history) = decode_history(&bytes) {
            let again = encode_history(&history);
            prop_assert_eq!(again.as_deref(), Some(&bytes[..]));
        }
    }
}
