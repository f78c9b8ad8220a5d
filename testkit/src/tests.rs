//! A contract for the kit's own unit tests: its ABI is what they need of it.

#![allow(dead_code, unreachable_pub, reason = "only the ABI of the contract is used")]

use dytallix_abi::Abi;
use dytallix_sdk::prelude::*;

/// A token.
#[contract]
pub struct Token {
    owner: Item<Address>,
    #[view(balance_of(account))]
    balances: Map<Address, u128>,
    allowances: Map<(Address, Address), u128>,
    names: List<String>,
}

/// An amount moved.
#[event]
pub struct Transfer(#[topic] pub Address, #[topic] pub Address, pub u128);

/// What can go wrong.
#[error]
pub enum Error {
    /// Only the owner does this.
    NotOwner,
    /// The holder has less than the amount.
    Insufficient {
        /// What the holder has.
        balance: u128,
    },
}

#[methods]
impl Token {
    #[init]
    fn new(&mut self, cx: &Cx, supply: u128) {
        self.owner.set(cx.caller());
        self.balances.set(cx.caller(), supply);
    }

    #[call]
    fn transfer(&mut self, cx: &Cx, to: Address, amount: u128) -> Result {
        let balance = self.balances.get(cx.caller());
        self.balances.sub_or(cx.caller(), amount, Error::Insufficient { balance })?;
        cx.emit(Transfer(cx.caller(), to, amount));
        Ok(())
    }

    #[call(payable)]
    fn buy(&mut self, cx: &Cx) -> Result<u128> {
        ensure!(cx.caller() == self.owner.get(), Error::NotOwner);
        Ok(cx.value())
    }
}

/// The ABI of [`Token`].
pub(crate) fn token_abi() -> Abi {
    Abi::decode(Token::abi()).expect("the SDK writes sections that decode")
}

/// A contract in a module of its own: it has no error enum.
mod everything {
    use dytallix_sdk::prelude::*;

    /// One of each kind of type.
    #[data]
    #[derive(PartialOrd, Ord)]
    pub enum Kind {
        Plain,
        Deep { bytes: Bytes, texts: Vec<String> },
        Pair((i8, i64), Option<Hash>),
    }

    /// A contract that takes every kind of type.
    #[contract]
    pub struct Everything {
        none: Item<u8>,
    }

    #[methods]
    impl Everything {
        #[init]
        fn new(&mut self) {
            self.none.set(0);
        }

        #[call(payable)]
        #[allow(clippy::too_many_arguments, reason = "it takes one of each kind of type")]
        fn take(
            &mut self,
            _integers: (u8, u16, u32, u64, u128),
            _signed: (i8, i16, i32, i64, i128),
            _kinds: BTreeSet<Kind>,
            _map: BTreeMap<u8, bool>,
            _arrays: ([u8; 5], [u16; 3]),
            _list: Vec<Option<Address>>,
        ) {
        }
    }
}

pub use everything::Everything;
